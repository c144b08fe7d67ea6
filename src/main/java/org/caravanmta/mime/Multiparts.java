package org.caravanmta.mime;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The multiparts that enclose the line being read (RFC 2046 §5.1), the innermost first: a
/// delimiter of any of them ends the part being read.
final class Multiparts {
  /// Far deeper than any mail that people write, and shallow enough to read.
  private static final int DEEPEST = 50;

  private final int depth;
  private final Consumer<String> doubts;
  private final Deque<MultipartLevel> levels = new ArrayDeque<>();

  /// A line between the parts of a multipart.
  ///
  /// @param of the multipart that the line belongs to
  /// @param match what the line is to it; never {@link MultipartLevel.Match#NOTHING}
  record Delimiter(MultipartLevel of, MultipartLevel.Match match) {}

  /// @param depth how deep the content is in which all of them are
  /// @throws Unreadable if that is too deep already
  Multiparts(int depth, Consumer<String> doubts) throws Unreadable {
    this.depth = depth;
    this.doubts = doubts;
    checkDepth();
  }

  boolean isEmpty() {
    return levels.isEmpty();
  }

  /// Enters a multipart.
  ///
  /// @param declared whether every mail reader sees a multipart
  /// @throws Unreadable if it is nested too deep
  void enter(MimeHeader of, boolean declared) throws Unreadable {
    var level =
        new MultipartLevel(
            of.boundaries(),
            of.digest() ? MimeHeader.Kind.MESSAGE : MimeHeader.Kind.LEAF,
            declared);
    if (declared && of.boundaries().isEmpty()) {
      doubts.accept("a multipart has no boundary");
    }
    if (levels.stream().anyMatch(level::shares)) {
      doubts.accept("multiparts within each other have the same boundary");
    }
    levels.push(level);
    checkDepth();
  }

  private void checkDepth() throws Unreadable {
    if (depth + levels.size() > DEEPEST) {
      throw new Unreadable("its parts are more than " + DEEPEST + " deep");
    }
  }

  /// Lets the innermost multipart take a line for its boundary, if it has none.
  void adopt(LineReader lines) {
    MultipartLevel innermost = levels.peek();
    if (innermost != null) {
      innermost.adopt(lines.bytes(), lines.length());
    }
  }

  /// The multipart that a line that starts with `--` delimits, or null if there is none. A line
  /// that is exactly the delimiter of any multipart counts before one that only starts with a
  /// boundary.
  @Nullable Delimiter delimiter(LineReader lines) {
    for (boolean exactly : new boolean[] {true, false}) {
      for (MultipartLevel level : levels) {
        MultipartLevel.Match match = level.match(lines.bytes(), lines.length());
        if (match == MultipartLevel.Match.NOTHING || exactly != exact(match)) {
          continue;
        }
        if (!exactly) {
          doubts.accept("a line starts as one between parts does");
        }
        return new Delimiter(level, match);
      }
    }
    return null;
  }

  /// Whether the line is the delimiter, not only a line that starts with it.
  static boolean exact(MultipartLevel.Match match) {
    return match == MultipartLevel.Match.DELIMITER || match == MultipartLevel.Match.CLOSE;
  }

  /// Reports a doubt if a delimiter follows a CR within the line: some mail readers take the CR for
  /// the end of a line.
  void doubtAfterCr(LineReader lines) {
    if (levels.isEmpty()) {
      return;
    }
    byte[] bytes = lines.bytes();
    for (int i = 0; i + 4 < lines.length(); i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '-' && bytes[i + 2] == '-') {
        byte[] rest = Arrays.copyOfRange(bytes, i + 1, lines.length());
        for (MultipartLevel level : levels) {
          if (level.match(rest, rest.length) != MultipartLevel.Match.NOTHING) {
            doubts.accept("a line between parts follows a CR");
            return;
          }
        }
      }
    }
  }

  /// Leaves the multiparts inside `level`.
  void leaveUntil(MultipartLevel level) {
    while (levels.peek() != level) {
      leave();
    }
  }

  void leaveAll() {
    while (!levels.isEmpty()) {
      leave();
    }
  }

  private void leave() {
    MultipartLevel left = levels.pop();
    if (left.declared() && !left.seen()) {
      doubts.accept("a multipart has no parts");
    }
  }
}
