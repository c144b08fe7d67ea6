package org.caravanmta.delivery.remote;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.check.WireCheckSettings;
import org.caravanmta.config.Require;
import org.caravanmta.delivery.program.PipeProgram;
import org.caravanmta.message.Relayhost;

/// The section `delivery`: how mail goes out.
public record DeliverySettings(
    Optional<Relayhost> relayhost,
    int port,
    Duration connectTimeout,
    Duration commandTimeout,
    Duration dataTimeout,
    int concurrency,
    Duration connectionIdle,
    Duration suspension,
    int lineLimit,
    boolean sevenBit,
    String maildir,
    List<String> programs,
    WireCheckSettings checks,
    OutgoingSettings outgoing) {
  public DeliverySettings {
    var names = new HashSet<String>();
    for (String program : programs) {
      try {
        if (!names.add(PipeProgram.parse(program).name())) {
          throw new IllegalArgumentException("each name only once");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("programs must have " + e.getMessage(), e);
      }
    }
    Require.atLeast(1, "port", port);
    if (port > 65535) {
      throw new IllegalArgumentException("port must be at most 65535");
    }
    if (lineLimit != 0) {
      Require.atLeast(78, "line-limit", lineLimit);
    }
    Require.positive("connect-timeout", connectTimeout);
    Require.positive("command-timeout", commandTimeout);
    Require.positive("data-timeout", dataTimeout);
    Require.atLeast(1, "concurrency", concurrency);
    // without the user, everybody's mail would be in one Maildir
    if (!maildir.contains("%u")) {
      throw new IllegalArgumentException("maildir must contain %u, the user");
    }
    if (Path.of(maildir).isAbsolute() || Stream.of(maildir.split("/")).anyMatch(".."::equals)) {
      throw new IllegalArgumentException("maildir must stay below data.directory");
    }
  }
}
