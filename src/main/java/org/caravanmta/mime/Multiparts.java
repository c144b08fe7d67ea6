package org.caravanmta.mime;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The multiparts that a line is in (RFC 2046 §5.1), the innermost first: any of them may end the
/// part that is being read.
final class Multiparts {
  private static final int DEEPEST = 50;

  private final int depth;
  private final Consumer<String> doubts;
  private final Deque<MultipartLevel> levels = new ArrayDeque<>();

  /// A line that stands between the parts of a multipart.
  record Delimiter(MultipartLevel of, MultipartLevel.Match match) {}

  /// @param depth of what they are all in
  Multiparts(int depth, Consumer<String> doubts) throws Unreadable {
    this.depth = depth;
    this.doubts = doubts;
    tooDeep();
  }

  boolean isEmpty() {
    return levels.isEmpty();
  }

  void enter(Head of, boolean declared) throws Unreadable {
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

  /// Lets the innermost take a line that looks like a delimiter for its own, where it has none.
  void adopt(LineReader lines) {
    MultipartLevel innermost = levels.peek();
    if (innermost != null) {
      innermost.adopt(lines.bytes(), lines.length());
    }
  }

  /// What a line that starts with `--` delimits, if anything: an exact boundary of any of them
  /// counts before the beginning of one.
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

  static boolean exact(MultipartLevel.Match match) {
    return match == MultipartLevel.Match.DELIMITER || match == MultipartLevel.Match.CLOSE;
  }

  /// Doubts a line in which a delimiter follows a CR: to some that is the end of a line.
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

  /// Leaves those within `level`.
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
