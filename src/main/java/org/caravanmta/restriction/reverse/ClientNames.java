package org.caravanmta.restriction.reverse;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.address.Literals;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.message.Client;
import org.caravanmta.message.Reverse;
import org.caravanmta.message.Reverse.State;
import org.caravanmta.policy.Case;

/// Finds the name of a client: what its address points to in the DNS (RFC 1035 §3.5), if that name
/// points back (postfix `smtpd_peername_lookup`). Clients of the own networks are not looked up.
public final class ClientNames {
  /// What may stand in a log line and a reply.
  private static final Pattern NAME =
      Pattern.compile(
          "(?i)(?=.{1,255}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*");

  private final boolean enabled;
  private final DnsNames names;

  public ClientNames(boolean enabled, DnsNames names) {
    this.enabled = enabled;
    this.names = names;
  }

  public Case find(Case c) {
    return switch (c) {
      case Case.Connection connection -> {
        Client client = connection.client();
        yield enabled && !client.own() && client.reverse().state() == State.UNASKED
            ? connection.of(client.named(ask(client.address())))
            : c;
      }
      case Case.Rcpt _, Case.Data _, Case.Message _, Case.Event _ -> c;
    };
  }

  private Reverse ask(InetAddress address) {
    return switch (names.pointers(address)) {
      case DnsAnswer.Records<String>(List<String> found, _) -> {
        String name = found.getFirst();
        yield NAME.matcher(name).matches() && Literals.address(name).isEmpty()
            ? new Reverse(name, back(name, address))
            : new Reverse(Client.UNKNOWN, State.ABSENT);
      }
      case DnsAnswer.None<String> _ -> new Reverse(Client.UNKNOWN, State.ABSENT);
      case DnsAnswer.Unavailable<String> _ -> new Reverse(Client.UNKNOWN, State.UNAVAILABLE);
    };
  }

  private State back(String name, InetAddress address) {
    return switch (names.addresses(name)) {
      case DnsAnswer.Records<InetAddress>(List<InetAddress> found, _) ->
          found.contains(address) ? State.VERIFIED : State.FORGED;
      case DnsAnswer.None<InetAddress> _ -> State.ABSENT;
      case DnsAnswer.Unavailable<InetAddress> _ -> State.UNAVAILABLE;
    };
  }
}
