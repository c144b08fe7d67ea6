package org.caravanmta.rewrite;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
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
public record HeaderOrigin(Origin ours, CompletionSettings own, SearchPath tables) {

  /// Absent when the header section is to be left alone.
  ///
  /// @throws Unavailable if a table cannot be asked
  Optional<Origin> of(Client client) {
    if (client.isPosted()) {
      return Optional.of(ours);
    }
    return !client.isRelayed()
            && (own.localClients().stream().anyMatch(which -> includes(which, client))
                || listed(client))
        ? Optional.of(ours)
        : own.remoteDomain().map(ours::of);
  }

  private boolean listed(Client client) {
    return !tables.isEmpty()
        && switch (tables.find(Literals.text(client.address()))) {
          case Search.Found _ -> true;
          case Search.Absent() -> false;
          case Search.Unavailable(String why) -> throw new Unavailable(why);
        };
  }

  private static boolean includes(CompletionSettings.Clients which, Client client) {
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
