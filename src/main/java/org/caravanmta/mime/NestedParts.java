package org.caravanmta.mime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// Looks inside a decoded part: a multipart or a message in it is walked through in its turn, one
/// level deeper; a text is searched for files in its lines.
///
/// @param state shared by all walks through the message
record NestedParts(WalkState state) implements MimeWalk.Leaves {
  /// Names of files that mail readers open as messages.
  private static final Pattern SAVED_MESSAGE = Pattern.compile("(?i)\\.(eml|mht|mhtml|nws)$");

  private static final Consumer<String> IGNORED = _ -> {};

  @Override
  public void look(Leaf leaf, int depth, Consumer<String> doubts) throws IOException, Unreadable {
    MimeHeader head = leaf.head();
    boolean anyParts = false;
    for (var content : leaf.contents().entrySet()) {
      MimeHeader.Encoding encoding = content.getKey();
      ContentSpool decoded = content.getValue();
      if (state.ended()) {
        return;
      }
      boolean composite =
          head.kind() == MimeHeader.Kind.MULTIPART || head.kind() == MimeHeader.Kind.MESSAGE;
      if (!composite) {
        state.show(new Part(head.names(), head.types(), decoded));
      } else if (!head.names().isEmpty()) {
        state.show(new Part(head.names(), Set.of(), new ContentSpool()));
      }
      var heard = new ArrayList<String>();
      switch (head.kind()) {
        case MULTIPART -> {
          boolean found =
              new MimeWalk(state, depth + 1, heard::add, this).multipart(head, decoded.stream());
          if (encoding == MimeHeader.Encoding.PLAIN ? found : !anyParts) {
            heard.forEach(doubts);
          }
          anyParts |= found;
        }
        case MESSAGE -> {
          if (encoding != MimeHeader.Encoding.PLAIN || startsWithField(decoded)) {
            new MimeWalk(state, depth + 1, doubts, this).message(decoded.stream());
          }
        }
        case DOUBTFUL_LEAF -> {
          findInlineFiles(head, encoding, decoded, doubts);
          if (startsWithField(decoded)) {
            new MimeWalk(state, depth + 1, IGNORED, this).message(decoded.stream());
          }
        }
        case LEAF -> {
          findInlineFiles(head, encoding, decoded, doubts);
          if (head.names().stream().anyMatch(name -> SAVED_MESSAGE.matcher(name).find())) {
            new MimeWalk(state, depth + 1, doubts, this).message(decoded.stream());
          }
        }
      }
      if (leaf.odd(encoding) && !anyParts && !head.unnamedText()) {
        doubts.accept("an encoding is not what it should be");
      }
    }
  }

  /// Shows the files in the lines of a text, or of a part that is declared to be uuencoded.
  private void findInlineFiles(
      MimeHeader head, MimeHeader.Encoding encoding, ContentSpool decoded, Consumer<String> doubts)
      throws IOException, Unreadable {
    boolean uuencoded = encoding == MimeHeader.Encoding.UUENCODE;
    if (uuencoded || head.types().stream().anyMatch(type -> type.startsWith("text"))) {
      boolean found = new InlineFiles(state, doubts).find(decoded);
      if (uuencoded && !found && head.encodings().size() == 1) {
        doubts.accept("a uuencoded part has no beginning");
      }
    }
  }

  /// Whether the content begins as a message does: with the name of a field and a colon.
  private static boolean startsWithField(ContentSpool content) {
    for (byte b : content.start(80)) {
      if (b == ':') {
        return true;
      }
      if (b <= ' ' || b == 127) {
        return false;
      }
    }
    return false;
  }
}
