package org.caravanmta.routing;

import java.util.Locale;
import org.caravanmta.address.Address;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.Literals;
import org.caravanmta.address.Resolution;
import org.caravanmta.address.ReversePath;
import org.caravanmta.domain.Locality;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Search;
import org.caravanmta.table.Values;

/// Where mail goes by the class of the recipient's domain (RFC 5321 §3.6; postfix
/// `ADDRESS_CLASS_README`):
///
/// | domain | transport | next hop, the first that is there |
/// |---|---|---|
/// | our own | `local` | its own, the domain |
/// | virtual alias | – | nowhere: its users are all in the tables of aliases |
/// | virtual mailbox | `virtual` | its own, the domain |
/// | relay | `relay` | its own, the sender's relay host, the relay host, the domain |
/// | any other | the sender's, `other` | as for relay |
///
/// @param own the transport of each class
/// @param relayHost the next hop of mail that we do not deliver; empty for the recipient's domain
/// @param naming whether it is said in which table somebody is not
public record ClassRouting(
    Resolution resolution,
    VirtualDomains virtual,
    RelayDomains relayed,
    RoutingSettings own,
    Senders senders,
    String relayHost,
    boolean naming) {
  /// Brackets around what is not an IP address, or an IP address without them (RFC 5321 §4.1.3).
  private static final NamedTransport BAD_ADDRESS =
      NamedTransport.returning("5.1.3 bad address syntax");

  private static final NamedTransport UNKNOWN_ALIAS =
      NamedTransport.returning("5.1.1 User unknown in virtual alias table");

  private static final NamedTransport UNKNOWN = NamedTransport.returning("5.1.1 User unknown");

  /// What a sender's entry may say: as for all others.
  private static final String AS_OTHERS = "dunno";

  /// What the operator's tables have for a sender.
  ///
  /// @param transport in place of the transport of other domains
  /// @param relayhost in place of the relay host
  record Senders(AddressSearch transport, AddressSearch relayhost) {
    /// @param there what values may name
    static Senders open(RoutingSettings own, Locality local, Transports there) {
      return new Senders(
          local.search(own.senderTransport(), Values.tolerant(there::expectSenders)),
          local.search(own.senderRelayhost(), Values.tolerant(Transports::expectRelayhost)));
    }
  }

  sealed interface Hops {
    record To(NamedTransport named) implements Hops {}

    /// Whatever the transport tables say.
    record Final(NamedTransport named) implements Hops {}

    /// A table could not be asked.
    record Unavailable(String why) implements Hops {}
  }

  Hops hop(Address recipient, ReversePath sender) {
    try {
      return known(recipient, sender);
    } catch (DomainList.Unavailable e) {
      return new Hops.Unavailable("domains: " + e.getMessage());
    }
  }

  private Hops known(Address recipient, ReversePath sender) {
    String domain = recipient.domain().key();
    if (recipient.domain().isLiteral() != Literals.address(domain).isPresent()) {
      return new Hops.To(BAD_ADDRESS);
    }
    if (resolution.own().contains(recipient.domain())) {
      return new Hops.To(
          resolution.routes(recipient.localPart())
              ? BAD_ADDRESS
              : NamedTransport.parse(own.local(), domain));
    }
    return switch (virtual.find(recipient.domain())) {
      case Lookup.Found _ -> new Hops.Final(naming ? UNKNOWN_ALIAS : UNKNOWN);
      case Lookup.Unavailable(String why) -> new Hops.Unavailable("virtual aliases: " + why);
      case Lookup.Absent() when virtual.hasMailboxes(recipient.domain()) ->
          new Hops.To(NamedTransport.parse(own.virtual(), domain));
      case Lookup.Absent() ->
          relayed.contains(recipient.domain())
              ? by(own.relay(), domain, sender)
              : switch (said(senders.transport(), sender, own.nullSender().transportKey())) {
                case Search.Found(String transport, _, _) -> by(transport, domain, sender);
                case Search.Absent() -> by(own.other(), domain, sender);
                case Search.Unavailable(String why) -> unknown("transport", why);
              };
    };
  }

  /// By a transport, to its own next hop, the sender's relay host, the relay host or the domain.
  private Hops by(String transport, String domain, ReversePath sender) {
    int colon = transport.indexOf(':');
    if (colon >= 0 && colon < transport.length() - 1) {
      return new Hops.To(NamedTransport.parse(transport, domain));
    }
    return switch (said(senders.relayhost(), sender, own.nullSender().relayhostKey())) {
      case Search.Found(String host, _, _) -> to(transport, host);
      case Search.Absent() -> to(transport, relayHost.isEmpty() ? domain : relayHost);
      case Search.Unavailable(String why) -> unknown("relay host", why);
    };
  }

  private static Hops to(String transport, String nextHop) {
    return new Hops.To(NamedTransport.parse(transport, nextHop));
  }

  private static Hops unknown(String what, String why) {
    return new Hops.Unavailable("the sender's " + what + ": " + why);
  }

  /// What tables say of a sender.
  private static Search said(AddressSearch tables, ReversePath sender, String nobody) {
    if (tables.path().isEmpty()) {
      return new Search.Absent();
    }
    Search found =
        switch (sender) {
          case ReversePath.Null() -> tables.path().find(nobody);
          case ReversePath.Mailbox(Address address) -> tables.find(address);
        };
    return found instanceof Search.Found(String value, _, _)
            && (value.isBlank() || value.strip().toLowerCase(Locale.ROOT).equals(AS_OTHERS))
        ? new Search.Absent()
        : found;
  }
}
