package org.caravanmta.reception.wire;

/// The rule for the ends of lines in one session (RFC 5321 §2.3.8), which also notes, once, that
/// the client has ended a line with LF alone.
public final class LineEnds {
  /// Only CRLF ends a line.
  public static final LineEnds STRICT = new LineEnds(Newlines.REFUSED, () -> {});

  private final Newlines rule;
  private final Runnable noted;
  private boolean told;

  /// @param noted run at the first line that ends with LF alone, if the rule is {@link
  ///   Newlines#NOTED}
  public LineEnds(Newlines rule, Runnable noted) {
    this.rule = rule;
    this.noted = noted;
  }

  /// Whether LF alone ends a line.
  public boolean tolerated() {
    return rule.tolerated();
  }

  /// Whether the rule is {@link Newlines#ANY}.
  public boolean any() {
    return rule == Newlines.ANY;
  }

  /// Takes note of a line that has ended with LF alone.
  public void bare() {
    if (rule == Newlines.NOTED && !told) {
      told = true;
      noted.run();
    }
  }
}
