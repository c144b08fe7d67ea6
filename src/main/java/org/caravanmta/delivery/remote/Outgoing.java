package org.caravanmta.delivery.remote;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.message.Relayhost;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.SmtpTimeouts;

/// How we call other servers, as the settings say.
public final class Outgoing {
  private final RemoteSettings own;
  private final OutgoingSettings outgoing;
  private final String hostname;
  private final Ourselves ourselves;

  /// @param hostname our name, unless the settings have another for outgoing mail
  /// @param ourselves how we know our own server
  public Outgoing(RemoteSettings own, String hostname, Ourselves ourselves) {
    this.own = own;
    this.outgoing = own.outgoing();
    this.hostname = hostname;
    this.ourselves = ourselves;
  }

  /// Who calls mail servers and stores.
  SmtpCaller caller() {
    return new SmtpCaller(
        outgoing.heloName().map(Object::toString).orElse(hostname),
        timeouts(),
        Stream.of(outgoing.bindAddress(), outgoing.bindAddress6())
            .flatMap(Optional::stream)
            .toList(),
        outgoing.skipRefusal(),
        own.lineLimit(),
        own.sevenBit(),
        false);
  }

  /// Who calls content filters, which get messages as they are.
  SmtpCaller callerOfFilters() {
    return new SmtpCaller(hostname, timeouts()).withXforward(true);
  }

  Tries tries() {
    return new Tries(outgoing.addressLimit(), outgoing.sessionLimit(), outgoing.balanceProtocols());
  }

  Ourselves ourselves() {
    return ourselves;
  }

  /// A list of next hops.
  String fallback() {
    return outgoing.fallbackRelay().stream()
        .map(Relayhost::nextHop)
        .collect(Collectors.joining(", "));
  }

  private SmtpTimeouts timeouts() {
    return outgoing
        .timeouts()
        .withDefaults(own.connectTimeout(), own.commandTimeout(), own.dataTimeout());
  }
}
