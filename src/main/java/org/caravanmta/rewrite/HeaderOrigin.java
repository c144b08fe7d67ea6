package org.caravanmta.rewrite;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Client;

/// Which domain completes the addresses in a client's header section (postfix
/// `local_header_rewrite_clients`, `remote_header_rewrite_domain`): ours for our own clients; a
/// domain that says so, or none, for strangers, whose header section may be signed by its author.
///
/// @param remote absent: a stranger's header section is left alone
public record HeaderOrigin(Origin own, Set<Clients> local, Optional<Domain> remote) {
  /// Clients whose header sections are ours to complete.
  public enum Clients {
    /// Programs on this machine.
    OWN_MACHINE,
    OWN_NETWORKS,
    LOGGED_IN;

    private String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @throws IllegalArgumentException names the word that is none of ours
    public static Set<Clients> set(List<String> words) {
      var set = EnumSet.noneOf(Clients.class);
      for (String word : words) {
        set.add(
            Arrays.stream(values())
                .filter(known -> known.word().equals(word))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "\""
                                + word
                                + "\" is not one of own-machine, own-networks, logged-in")));
      }
      return set;
    }
  }

  /// Absent when the header section is to be left alone.
  Optional<Origin> of(Client client) {
    return local.stream().anyMatch(which -> includes(which, client))
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
