package org.caravanmta.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalDouble;

/// What the index of the quarantine knows of a message there, or of one of its parts.
///
/// @param recipients of this part
/// @param sender the reverse path, empty where it is null
/// @param client who has brought it, `name[address]`
/// @param subject decoded, and cut
/// @param size in bytes, as SMTP counts it
/// @param filter the content filter that has set it aside, as the step of the route names it
/// @param why in the filter's words
/// @param score of a filter that gives one
/// @param since when it was set aside
/// @param node of a cluster, on whose queue it lies; empty outside a cluster, and where that is
///   this one
public record Quarantined(
    String id,
    List<String> recipients,
    String sender,
    String client,
    String subject,
    long size,
    String filter,
    String why,
    OptionalDouble score,
    Instant since,
    Instant arrived,
    String node) {
  public Quarantined {
    recipients = List.copyOf(recipients);
  }

  /// The same on the queue of a node.
  public Quarantined at(String node) {
    return new Quarantined(
        id, recipients, sender, client, subject, size, filter, why, score, since, arrived, node);
  }

  /// The key of the part: the SHA-256 of its id and its recipients. The same message twice has the
  /// same key.
  public String part() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(id.getBytes(StandardCharsets.UTF_8));
      recipients.stream()
          .sorted()
          .forEach(
              recipient -> {
                digest.update((byte) 0);
                digest.update(recipient.getBytes(StandardCharsets.UTF_8));
              });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
