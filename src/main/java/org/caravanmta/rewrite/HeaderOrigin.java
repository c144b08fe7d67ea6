package org.caravanmta.rewrite;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientCertificate;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;

/// Which domain completes the addresses in a client's header section (postfix
/// `local_header_rewrite_clients`, `remote_header_rewrite_domain`): ours for our own clients; a
/// domain that says so, or none, for strangers, whose header section may be signed by its author.
/// Posted mail is always ours, unless it is posted as another's.
///
/// @param tables of addresses of more clients that are ours
/// @param remote absent: a stranger's header section is left alone
public record HeaderOrigin(
    Origin own, Set<Clients> local, SearchPath tables, Optional<Domain> remote) {
  /// Clients whose header sections are ours to complete.
  public enum Clients {
    /// Programs on this machine.
    OWN_MACHINE,
    OWN_NETWORKS,
    LOGGED_IN,
    /// Those whose certificate an authority vouches for that the operator trusts.
    VERIFIED_CERTIFICATE
  }

  /// Absent when the header section is to be left alone.
  ///
  /// @throws Unavailable if a table cannot be asked
  Optional<Origin> of(Client client) {
    if (client.isPosted()) {
      return Optional.of(own);
    }
    return !client.isRelayed()
            && (local.stream().anyMatch(which -> includes(which, client)) || listed(client))
        ? Optional.of(own)
        : remote.map(own::of);
  }

  private boolean listed(Client client) {
    return !tables.isEmpty()
        && switch (tables.find(Literals.text(client.address()))) {
          case Search.Found _ -> true;
          case Search.Absent() -> false;
          case Search.Unavailable(String why) -> throw new Unavailable(why);
        };
  }

  private static boolean includes(Clients which, Client client) {
    return switch (which) {
      case OWN_NETWORKS -> client.own();
      case LOGGED_IN -> client.login().isPresent();
      case VERIFIED_CERTIFICATE ->
          client.certificate().filter(ClientCertificate::verified).isPresent();
      case OWN_MACHINE -> {
        try {
          yield client.address().isLoopbackAddress()
              || NetworkInterface.getByInetAddress(client.address()) != null;
        } catch (SocketException e) {
          yield false;
        }
      }
    };
  }
}
