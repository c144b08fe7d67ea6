package org.caravanmta.delivery.reply;

import java.nio.file.Path;
import java.util.List;

/// Keys of the section `delivery.scheduling`: what follows from what servers reply.
///
/// @param replies files of rules, which {@link ReplyRuleReader} reads
public record ReplySettings(List<Path> replies) {
  public ReplySettings {
    replies = List.copyOf(replies);
  }
}
