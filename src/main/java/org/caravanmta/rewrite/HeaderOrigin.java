package org.caravanmta.rewrite;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Client;

/// Which domain completes the addresses in a client's header section (postfix
/// `local_header_rewrite_clients`, `remote_header_rewrite_domain`): ours for our own clients; a
/// domain that says so, or none, for strangers, whose header section may be signed by its author.
/// Posted mail is always ours, unless it is posted as another's.
///
/// @param remote absent: a stranger's header section is left alone
public record HeaderOrigin(Origin own, Set<Clients> local, Optional<Domain> remote) {
  /// Clients whose header sections are ours to complete.
  public enum Clients {
    /// Programs on this machine.
    OWN_MACHINE,
    OWN_NETWORKS,
    LOGGED_IN
  }

  /// Absent when the header section is to be left alone.
  Optional<Origin> of(Client client) {
    if (client.isPosted()) {
      return Optional.of(own);
    }
    return !client.isRelayed() && local.stream().anyMatch(which -> includes(which, client))
        ? Optional.of(own)
        : remote.map(own::of);
  }

  private static boolean includes(Clients which, Client client) {
    return switch (which) {
      case OWN_NETWORKS -> client.own();
      case LOGGED_IN -> client.login().isPresent();
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
