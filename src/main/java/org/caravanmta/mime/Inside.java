package org.caravanmta.mime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What a part that has been decoded has in it: a multipart or a message is gone through in its
/// turn, by a walk one deeper.
record Inside(Share share) implements MimeWalk.Leaves {
  /// Files that mail readers open as messages.
  private static final Pattern SAVED = Pattern.compile("(?i)\\.(eml|mht|mhtml|nws)$");

  private static final Consumer<String> UNHEARD = _ -> {};

  @Override
  public void look(Leaf leaf, int depth, Consumer<String> doubts) throws IOException, Unreadable {
    Head head = leaf.head();
    boolean parts = false;
    for (var content : leaf.contents().entrySet()) {
      Head.Encoding encoding = content.getKey();
      ContentSpool decoded = content.getValue();
      if (share.ended()) {
        return;
      }
      boolean whole = head.kind() == Head.Kind.MULTIPART || head.kind() == Head.Kind.MESSAGE;
      if (!whole) {
        share.show(new Part(head.names(), head.types(), decoded));
      } else if (!head.names().isEmpty()) {
        share.show(new Part(head.names(), Set.of(), new ContentSpool()));
      }
      var heard = new ArrayList<String>();
      switch (head.kind()) {
        case MULTIPART -> {
          boolean some =
              new MimeWalk(share, depth + 1, heard::add, this).multipart(head, decoded.stream());
          if (encoding == Head.Encoding.PLAIN ? some : !parts) {
            heard.forEach(doubts);
          }
          parts |= some;
        }
        case MESSAGE -> {
          boolean counts = encoding == Head.Encoding.PLAIN ? field(decoded) : true;
          if (counts) {
            new MimeWalk(share, depth + 1, doubts, this).message(decoded.stream());
          }
        }
        case DOUBTFUL_LEAF -> {
          text(head, encoding, decoded, doubts);
          if (field(decoded)) {
            new MimeWalk(share, depth + 1, UNHEARD, this).message(decoded.stream());
          }
        }
        case LEAF -> {
          text(head, encoding, decoded, doubts);
          if (head.names().stream().anyMatch(name -> SAVED.matcher(name).find())) {
            new MimeWalk(share, depth + 1, doubts, this).message(decoded.stream());
          }
        }
      }
      if (leaf.odd(encoding) && !parts && !head.words()) {
        doubts.accept("an encoding is not what it should be");
      }
    }
  }

  private void text(
      Head head, Head.Encoding encoding, ContentSpool decoded, Consumer<String> doubts)
      throws IOException, Unreadable {
    boolean asked = encoding == Head.Encoding.UUENCODE;
    if (asked || head.types().stream().anyMatch(type -> type.startsWith("text"))) {
      boolean found = new Inlined(share, doubts).find(decoded);
      if (asked && !found && head.encodings().size() == 1) {
        doubts.accept("a uuencoded part has no beginning");
      }
    }
  }

  /// Whether it starts as a message does.
  private static boolean field(ContentSpool content) {
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
