package org.caravanmta.reception.wire;

/// How the lines of one session may end (RFC 5321 §2.3.8), and whether somebody is to be told of
/// those that end with LF alone, once.
public final class LineEnds {
  /// Only CRLF ends a line.
  public static final LineEnds STRICT = new LineEnds(Newlines.REFUSED, () -> {});

  private final Newlines rule;
  private final Runnable noted;
  private boolean told;

  /// @param noted told of the first line that ends with LF alone, where that is to be noted
  public LineEnds(Newlines rule, Runnable noted) {
    this.rule = rule;
    this.noted = noted;
  }

  /// Whether LF alone ends a line.
  public boolean tolerated() {
    return rule.tolerated();
  }

  /// Whether any line is as good as another.
  public boolean any() {
    return rule == Newlines.ANY;
  }

  /// A line has ended with LF alone.
  public void bare() {
    if (rule == Newlines.NOTED && !told) {
      told = true;
      noted.run();
    }
  }
}
