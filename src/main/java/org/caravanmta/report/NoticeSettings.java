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
    if (bounceRecipient.isBlank() || doubleBounceRecipient.isBlank() || delayRecipient.isBlank()) {
      throw new IllegalArgumentException(
          "bounce-recipient, double-bounce-recipient and delay-recipient must be addresses");
    }
  }
}
