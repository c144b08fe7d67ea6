package org.caravanmta.smtp.server;

import java.util.function.Supplier;
import org.caravanmta.message.Client;

/// How the lines of one session may end (RFC 5321 §2.3.8), and whether the log is to tell of those
/// that end with LF alone, once.
final class LineEnds {
  private final Newlines rule;
  private final Supplier<Client> client;
  private boolean told;

  /// @param client as it is known at the time
  LineEnds(Newlines rule, Supplier<Client> client) {
    this.rule = rule;
    this.client = client;
  }

  /// Whether LF alone ends a line.
  boolean tolerated() {
    return rule.tolerated();
  }

  /// Whether any line is as good as another.
  boolean any() {
    return rule == Newlines.ANY;
  }

  /// A line has ended with LF alone.
  void bare() {
    if (rule == Newlines.NOTED && !told) {
      told = true;
      SessionLog.bareLf(client.get());
    }
  }
}
