package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A way through the lines of a message, or of what has been encoded as a whole.
final class MimeWalk {
  private static final int DEEPEST = 50;

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
  private final Deque<MultipartLevel> levels = new ArrayDeque<>();
  private Place place = Place.HEAD;
  private HeadLines head = new HeadLines(true);
  private Head.Kind byDefault = Head.Kind.LEAF;
  private @Nullable Leaf leaf;
  private boolean nested;
  private boolean delimited;
  private int glances;

  /// @param depth of walks within each other
  MimeWalk(Share share, int depth, Consumer<String> doubts) throws Unreadable {
    this.share = share;
    this.depth = depth;
    this.doubts = doubts;
    tooDeep();
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
    enter(of, true);
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
    if (lines.hasCr() && !levels.isEmpty()) {
      delimiterAfterCr(lines);
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
    while (place == Place.HEAD && !(head.isEmpty() && levels.isEmpty())) {
      endOfHead();
    }
    endOfLeaf();
    while (!levels.isEmpty()) {
      leave();
    }
  }

  /// Takes a line that may stand between parts.
  ///
  /// @return whether it does
  private boolean delimiter(LineReader lines) throws IOException, Unreadable {
    MultipartLevel own = place == Place.HEAD && !head.isEmpty() ? announced() : null;
    if (own != null && exact(own.match(lines.bytes(), lines.length()))) {
      doubts.accept("the header section of a part has no end");
      endOfHead();
    }
    if (!levels.isEmpty() && place == Place.BETWEEN) {
      levels.peek().adopt(lines.bytes(), lines.length());
    }
    for (boolean exactly : new boolean[] {true, false}) {
      for (MultipartLevel level : levels) {
        MultipartLevel.Match match = level.match(lines.bytes(), lines.length());
        if (match == MultipartLevel.Match.NOTHING || exactly != exact(match)) {
          continue;
        }
        if (!exactly) {
          doubts.accept("a line starts as one between parts does");
        }
        reached(level, match);
        return true;
      }
    }
    return false;
  }

  private static boolean exact(MultipartLevel.Match match) {
    return match == MultipartLevel.Match.DELIMITER || match == MultipartLevel.Match.CLOSE;
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
    while (levels.peek() != level) {
      leave();
    }
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

  private void delimiterAfterCr(LineReader lines) {
    byte[] bytes = lines.bytes();
    for (int i = 0; i + 4 < lines.length(); i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '-' && bytes[i + 2] == '-') {
        byte[] rest = java.util.Arrays.copyOfRange(bytes, i + 1, lines.length());
        for (MultipartLevel level : levels) {
          if (level.match(rest, rest.length) != MultipartLevel.Match.NOTHING) {
            doubts.accept("a line between parts follows a CR");
            return;
          }
        }
      }
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
          enter(ended, true);
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
          enter(ended, false);
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

  private void enter(Head of, boolean declared) throws Unreadable {
    var level =
        new MultipartLevel(
            of.boundaries(), of.digest() ? Head.Kind.MESSAGE : Head.Kind.LEAF, declared);
    if (declared && of.boundaries().isEmpty()) {
      doubts.accept("a multipart has no boundary");
    }
    if (levels.stream().anyMatch(level::shares)) {
      doubts.accept("multiparts within each other have the same boundary");
    }
    levels.push(level);
    tooDeep();
  }

  private void tooDeep() throws Unreadable {
    if (depth + levels.size() > DEEPEST) {
      throw new Unreadable("its parts are more than " + DEEPEST + " deep");
    }
  }

  private void leave() {
    MultipartLevel left = levels.pop();
    if (left.declared() && !left.seen()) {
      doubts.accept("a multipart has no parts");
    }
  }

  private void endOfLeaf() throws IOException, Unreadable {
    if (leaf == null) {
      return;
    }
    try (Leaf ended = leaf) {
      leaf = null;
      ended.finish();
      new Inside(share, depth, doubts).look(ended);
    }
  }
}
