package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One pass over the lines of a message, or over the decoded content of a multipart or message that
/// was encoded as a whole (which RFC 2045 §6.4 forbids, but some mail readers decode).
final class MimeWalk {
  /// Receives each leaf part once it is decoded.
  interface Leaves {
    /// Looks at a part, and at what is inside it.
    ///
    /// @param depth the depth of the walk that found the part
    /// @param doubts receives what mail readers may see differently
    void look(Leaf leaf, int depth, Consumer<String> doubts) throws IOException, Unreadable;
  }

  /// How many lines in one header section are compared with the boundary that the section itself
  /// declares: each comparison reads the whole section again.
  private static final int MOST_COMPARISONS = 20;

  /// How many lines are read between two looks at the clock.
  private static final int LINES = 1_000;

  private static final Consumer<String> IGNORED = _ -> {};

  /// What the next line belongs to.
  private enum Place {
    /// A header section.
    HEAD,
    /// The content of a leaf part.
    LEAF,
    /// The preamble or epilogue of a multipart (RFC 2046 §5.1.1), which belongs to no part.
    BETWEEN
  }

  private final WalkState state;
  private final int depth;
  private final Consumer<String> doubts;
  private final Leaves leaves;
  private final Multiparts multiparts;
  private Place place = Place.HEAD;
  private HeaderLines head = new HeaderLines(true);
  private MimeHeader.Kind byDefault = MimeHeader.Kind.LEAF;
  private @Nullable Leaf leaf;

  /// Whether the header section is that of an attached message that has just begun.
  private boolean nested;

  /// Whether a line between parts has come.
  private boolean delimited;

  private int comparisons;

  /// @param depth how many walks this one is inside of
  MimeWalk(WalkState state, int depth, Consumer<String> doubts, Leaves leaves) throws Unreadable {
    this.state = state;
    this.depth = depth;
    this.doubts = doubts;
    this.leaves = leaves;
    this.multiparts = new Multiparts(depth, doubts);
  }

  /// Goes through a message.
  void message(InputStream lines) throws IOException, Unreadable {
    state.countPart();
    run(lines);
  }

  /// Goes through the parts of a multipart.
  ///
  /// @param of the header that declares the multipart
  /// @return whether there are any parts
  boolean multipart(MimeHeader of, InputStream lines) throws IOException, Unreadable {
    multiparts.enter(of, true);
    place = Place.BETWEEN;
    run(lines);
    return delimited;
  }

  private void run(InputStream in) throws IOException, Unreadable {
    var lines = new LineReader(in);
    int count = 0;
    try {
      while (!state.ended() && lines.next()) {
        if (++count % LINES == 0 && !state.inTime()) {
          throw new Unreadable("attachments take too long");
        }
        line(lines);
      }
      if (!state.ended()) {
        end();
      }
    } finally {
      if (leaf != null) {
        leaf.close();
      }
    }
  }

  private void line(LineReader lines) throws IOException, Unreadable {
    if (lines.starts() && dashes(lines) && delimiter(lines)) {
      return;
    }
    if (lines.hasCr()) {
      multiparts.doubtAfterCr(lines);
    }
    switch (place) {
      case HEAD -> {
        if (lines.starts() && lines.length() == 0 && !(lines.ends() && startsLate())) {
          endOfHead();
        } else if (lines.length() > 0) {
          head.add(lines.bytes(), 0, lines.length(), lines.starts());
        }
      }
      case LEAF -> Objects.requireNonNull(leaf, "no part has begun").line(lines);
      case BETWEEN -> {}
    }
  }

  /// Whether an empty first line of an attached message is skipped: some mail readers take it for
  /// the end of an empty header section, others see the header section after it.
  private boolean startsLate() {
    if (nested && head.isEmpty()) {
      doubts.accept("an attached message starts with an empty line");
      nested = false;
      return true;
    }
    return false;
  }

  private static boolean dashes(LineReader lines) {
    return lines.length() > 2 && lines.bytes()[0] == '-' && lines.bytes()[1] == '-';
  }

  private void end() throws IOException, Unreadable {
    while (place == Place.HEAD && !(head.isEmpty() && multiparts.isEmpty())) {
      endOfHead();
    }
    endOfLeaf();
    multiparts.leaveAll();
  }

  /// Takes a line that starts with `--` and may delimit parts.
  ///
  /// @return whether it does
  private boolean delimiter(LineReader lines) throws IOException, Unreadable {
    MultipartLevel own = place == Place.HEAD && !head.isEmpty() ? announced() : null;
    if (own != null && Multiparts.exact(own.match(lines.bytes(), lines.length()))) {
      doubts.accept("the header section of a part has no end");
      endOfHead();
    }
    if (place == Place.BETWEEN) {
      multiparts.adopt(lines);
    }
    Multiparts.Delimiter found = multiparts.delimiter(lines);
    if (found == null) {
      return false;
    }
    reached(found.of(), found.match());
    return true;
  }

  /// The multipart that the header section being read declares so far, or null after too many
  /// comparisons.
  private @Nullable MultipartLevel announced() throws Unreadable {
    if (++comparisons > MOST_COMPARISONS) {
      return null;
    }
    return new MultipartLevel(
        MimeHeader.of(head.fields(IGNORED), byDefault, IGNORED).boundaries(),
        MimeHeader.Kind.LEAF,
        true);
  }

  private void reached(MultipartLevel level, MultipartLevel.Match match)
      throws IOException, Unreadable {
    if (place == Place.HEAD && !head.isEmpty()) {
      endOfHead();
    }
    endOfLeaf();
    if (state.ended()) {
      return;
    }
    // multiparts that began with the header section that ends here have ended, too
    multiparts.leaveUntil(level);
    delimited = true;
    if (!level.declared()) {
      doubts.accept("what is not a multipart has parts");
    }
    if (level.closed()) {
      doubts.accept("a multipart goes on after its end");
    }
    if (match == MultipartLevel.Match.CLOSE) {
      level.close();
      place = Place.BETWEEN;
    } else {
      level.partStarts();
      state.countPart();
      head = new HeaderLines(false);
      byDefault = level.inside();
      nested = false;
      place = Place.HEAD;
    }
  }

  private void endOfHead() throws IOException, Unreadable {
    comparisons = 0;
    MimeHeader ended = MimeHeader.of(head.fields(doubts), byDefault, doubts);
    boolean encoded = !ended.encodings().equals(Set.of(MimeHeader.Encoding.PLAIN));
    head = new HeaderLines(true);
    byDefault = MimeHeader.Kind.LEAF;
    nested = false;
    switch (ended.kind()) {
      case MULTIPART -> {
        if (encoded) {
          beginLeaf(ended);
        } else {
          showNamed(ended);
          multiparts.enter(ended, true);
          place = Place.BETWEEN;
        }
      }
      case MESSAGE -> {
        if (encoded) {
          beginLeaf(ended);
        } else {
          showNamed(ended);
          nested = true;
          state.countPart();
          place = Place.HEAD;
        }
      }
      case LEAF, DOUBTFUL_LEAF -> {
        beginLeaf(ended);
        if (!ended.boundaries().isEmpty()) {
          multiparts.enter(ended, false);
        }
      }
    }
  }

  /// Shows a multipart or an attached message that has a name: a rule may forbid it by that name.
  private void showNamed(MimeHeader composite) throws IOException, Unreadable {
    if (!composite.names().isEmpty()) {
      state.show(new Part(composite.names(), Set.of(), new ContentSpool()));
    }
  }

  /// Begins a part whose content is decoded. A multipart or message that was encoded as a whole is
  /// also kept undecoded, as some mail readers ignore its encoding.
  private void beginLeaf(MimeHeader of) {
    boolean whole = of.kind() == MimeHeader.Kind.MULTIPART || of.kind() == MimeHeader.Kind.MESSAGE;
    Set<MimeHeader.Encoding> encodings = EnumSet.copyOf(of.encodings());
    if (whole) {
      encodings.add(MimeHeader.Encoding.PLAIN);
    }
    leaf = new Leaf(of, encodings);
    place = Place.LEAF;
  }

  private void endOfLeaf() throws IOException, Unreadable {
    if (leaf == null) {
      return;
    }
    try (Leaf ended = leaf) {
      leaf = null;
      ended.finish();
      leaves.look(ended, depth, doubts);
    }
  }
}
