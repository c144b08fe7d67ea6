package org.caravanmta.delivery.shaping;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.config.Require;

/// Keys of the section `delivery.scheduling`: limits for destinations and servers that need their
/// own.
///
/// @param shaping files of rules, which {@link RuleReader} reads
/// @param messagesPerConnection the most messages that one connection carries where no rule says
///   another number (postfix `smtp_connection_reuse_count_limit`); 0 for any number
public record ShapingSettings(List<Path> shaping, int messagesPerConnection) {
  /// Without rules.
  public static final ShapingSettings USUAL = new ShapingSettings(List.of(), 100);

  public ShapingSettings {
    shaping = List.copyOf(shaping);
    Require.atLeast(0, "messages-per-connection", messagesPerConnection);
  }
}
