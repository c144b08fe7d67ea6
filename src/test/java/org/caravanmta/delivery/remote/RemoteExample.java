package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.delivery.remote.OutgoingSettings.HostLookup;
import org.caravanmta.message.Relayhost;
import org.caravanmta.smtp.client.CallerSettings;
import org.caravanmta.smtp.client.ConnectionSettings;
import org.caravanmta.smtp.client.TimeoutSettings;

/// The settings of deliveries to other servers, where a test has only some to say.
final class RemoteExample {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration NO = Duration.ZERO;

  private RemoteExample() {}

  /// @param fallback a next hop, or the empty text
  static RemoteSettings servers(int port, AddressChoice addresses, Tries tries, String fallback) {
    return settings(
        port,
        20,
        LONG,
        addresses,
        tries,
        fallback.isEmpty() ? List.of() : List.of(new Relayhost(fallback)),
        NO);
  }

  private static RemoteSettings settings(
      int port,
      int concurrency,
      Duration suspension,
      AddressChoice addresses,
      Tries tries,
      List<Relayhost> fallback,
      Duration rateDelay) {
    return new RemoteSettings(
        port,
        new ConnectionSettings(LONG, LONG, LONG, NO, 0, false),
        concurrency,
        suspension,
        new OutgoingSettings(
            List.of(HostLookup.DNS),
            addresses,
            tries,
            fallback,
            50,
            rateDelay,
            new CallerSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                false,
                new TimeoutSettings(NO, NO, NO, NO, NO, NO, NO))));
  }
}
