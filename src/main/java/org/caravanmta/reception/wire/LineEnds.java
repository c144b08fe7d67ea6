package org.caravanmta.reception.wire;

import java.util.function.Supplier;
import org.caravanmta.message.Client;
import org.caravanmta.reception.session.SessionLog;

/// How the lines of one session may end (RFC 5321 §2.3.8), and whether the log is to tell of those
/// that end with LF alone, once.
public final class LineEnds {
  private final Newlines rule;
  private final Supplier<Client> client;
  private boolean told;

  /// @param client as it is known at the time
  public LineEnds(Newlines rule, Supplier<Client> client) {
    this.rule = rule;
    this.client = client;
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
      SessionLog.bareLf(client.get());
    }
  }
}
