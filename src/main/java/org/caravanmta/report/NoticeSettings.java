package org.caravanmta.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.config.Require;

/// The section `notices`: what the postmaster is told, and what reports to senders say.
public record NoticeSettings(
    List<String> classes,
    String bounceRecipient,
    String doubleBounceRecipient,
    String delayRecipient,
    Optional<Path> templateFile) {
  private static final Set<String> CLASSES = Set.of("bounce", "2bounce", "delay");

  public NoticeSettings {
    Require.known("classes", classes, CLASSES);
    recipient("bounce-recipient", bounceRecipient);
    recipient("double-bounce-recipient", doubleBounceRecipient);
    recipient("delay-recipient", delayRecipient);
  }

  private static void recipient(String key, String address) {
    if (address.isBlank()) {
      throw new IllegalArgumentException(key + " must be an address");
    }
  }
}
