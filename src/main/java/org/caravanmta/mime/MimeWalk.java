package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A way through the lines of a message, or of what has been encoded as a whole.
final class MimeWalk {
  /// What looks at a part once it is decoded.
  interface Leaves {
    /// @param depth of the walk that has come to it
    /// @param doubts told what mail readers may see otherwise
    void look(Leaf leaf, int depth, Consumer<String> doubts) throws IOException, Unreadable;
  }

  /// How often the head of a part is looked at for a boundary that ends it.
  private static final int MOST_GLANCES = 20;

  /// How many lines are read between two looks at the clock.
  private static final int LINES = 1_000;

  private static final Consumer<String> UNHEARD = _ -> {};

  private enum Place {
    HEAD,
    LEAF,
    BETWEEN
  }

  private final Share share;
  private final int depth;
  private final Consumer<String> doubts;
  private final Leaves leaves;
  private final Multiparts multiparts;
  private Place place = Place.HEAD;
  private HeadLines head = new HeadLines(true);
  private Head.Kind byDefault = Head.Kind.LEAF;
  private @Nullable Leaf leaf;
  private boolean nested;
  private boolean delimited;
  private int glances;

  /// @param depth of walks within each other
  MimeWalk(Share share, int depth, Consumer<String> doubts, Leaves leaves) throws Unreadable {
    this.share = share;
    this.depth = depth;
    this.doubts = doubts;
    this.leaves = leaves;
    this.multiparts = new Multiparts(depth, doubts);
  }

  /// Goes through a message.
  void message(InputStream lines) throws IOException, Unreadable {
    share.one();
    run(lines);
  }

  /// Goes through the parts of a multipart.
  ///
  /// @return whether there are any
  boolean multipart(Head of, InputStream lines) throws IOException, Unreadable {
    multiparts.enter(of, true);
    place = Place.BETWEEN;
    run(lines);
    return delimited;
  }

  private void run(InputStream in) throws IOException, Unreadable {
    var lines = new LineReader(in);
    int count = 0;
    try {
      while (!share.ended() && lines.next()) {
        if (++count % LINES == 0 && !share.inTime()) {
          throw new Unreadable("attachments take too long");
        }
        line(lines);
      }
      if (!share.ended()) {
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

  /// An attached message whose first line is empty has no fields to some and has not begun to
  /// others.
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

  /// Takes a line that may stand between parts.
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

  /// What the header section that is being read says of parts.
  private @Nullable MultipartLevel announced() throws Unreadable {
    if (++glances > MOST_GLANCES) {
      return null;
    }
    return new MultipartLevel(
        Head.of(head.fields(UNHEARD), byDefault, UNHEARD).boundaries(), Head.Kind.LEAF, true);
  }

  private void reached(MultipartLevel level, MultipartLevel.Match match)
      throws IOException, Unreadable {
    if (place == Place.HEAD && !head.isEmpty()) {
      endOfHead();
    }
    endOfLeaf();
    if (share.ended()) {
      return;
    }
    // what has been entered by the head that ends here has ended, too
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
      share.one();
      head = new HeadLines(false);
      byDefault = level.inside();
      nested = false;
      place = Place.HEAD;
    }
  }

  private void endOfHead() throws IOException, Unreadable {
    glances = 0;
    Head ended = Head.of(head.fields(doubts), byDefault, doubts);
    boolean encoded = !ended.encodings().equals(Set.of(Head.Encoding.PLAIN));
    head = new HeadLines(true);
    byDefault = Head.Kind.LEAF;
    nested = false;
    switch (ended.kind()) {
      case MULTIPART -> {
        if (encoded) {
          leaf(ended);
        } else {
          named(ended);
          multiparts.enter(ended, true);
          place = Place.BETWEEN;
        }
      }
      case MESSAGE -> {
        if (encoded) {
          leaf(ended);
        } else {
          named(ended);
          nested = true;
          share.one();
          place = Place.HEAD;
        }
      }
      case LEAF, DOUBTFUL_LEAF -> {
        leaf(ended);
        if (!ended.boundaries().isEmpty()) {
          multiparts.enter(ended, false);
        }
      }
    }
  }

  private void named(Head composite) throws IOException, Unreadable {
    if (!composite.names().isEmpty()) {
      share.show(new Part(composite.names(), Set.of(), new ContentSpool()));
    }
  }

  /// What has been encoded as a whole is looked at as it is, too.
  private void leaf(Head of) {
    boolean whole = of.kind() == Head.Kind.MULTIPART || of.kind() == Head.Kind.MESSAGE;
    Set<Head.Encoding> encodings = EnumSet.copyOf(of.encodings());
    if (whole) {
      encodings.add(Head.Encoding.PLAIN);
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
