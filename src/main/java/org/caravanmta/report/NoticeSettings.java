package org.caravanmta.report;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.config.Require;
import org.caravanmta.event.Trouble;

/// The section `notices`: what the postmaster is told, and what reports to senders say.
public record NoticeSettings(
    List<String> classes,
    String bounceRecipient,
    String doubleBounceRecipient,
    String delayRecipient,
    String sessionRecipient,
    Optional<Path> templateFile) {
  private static final Set<String> CLASSES =
      Stream.concat(
              Stream.of("bounce", "2bounce", "delay"),
              Arrays.stream(Trouble.values()).map(Trouble::toString))
          .collect(Collectors.toUnmodifiableSet());

  public NoticeSettings {
    Require.known("classes", classes, CLASSES);
    recipient("bounce-recipient", bounceRecipient);
    recipient("double-bounce-recipient", doubleBounceRecipient);
    recipient("delay-recipient", delayRecipient);
    recipient("session-recipient", sessionRecipient);
  }

  /// The trouble of whose sessions the postmaster gets a transcript.
  public Set<Trouble> troubles() {
    return Arrays.stream(Trouble.values())
        .filter(trouble -> classes.contains(trouble.toString()))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static void recipient(String key, String address) {
    if (address.isBlank()) {
      throw new IllegalArgumentException(key + " must be an address");
    }
  }
}
