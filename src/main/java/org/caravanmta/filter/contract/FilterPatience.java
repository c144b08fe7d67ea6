package org.caravanmta.filter.contract;

import java.time.Duration;

/// How long a content filter is waited for.
///
/// @param connect until it has taken the connection and the two sides have agreed (postfix
///   `milter_connect_timeout`)
/// @param command until it has answered what is not content (postfix `milter_command_timeout`)
/// @param content until it has answered content (postfix `milter_content_timeout`)
public record FilterPatience(Duration connect, Duration command, Duration content) {
  public FilterPatience {
    if (!connect.isPositive() || !command.isPositive() || !content.isPositive()) {
      throw new IllegalArgumentException("each time must be longer than 0");
    }
  }

  /// As Postfix waits for milters.
  public static final FilterPatience USUAL =
      new FilterPatience(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(300));
}
