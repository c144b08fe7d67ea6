package org.caravanmta.delivery;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.message.Hop;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Search;

/// Who has a mailbox here, what takes mail for those who have, and for those who have none (postfix
/// `mailbox_transport`, `fallback_transport`, `luser_relay`).
///
/// @param users tables of those who have; without tables everybody has
/// @param mailboxes a transport in the place of our Maildirs; empty: none
/// @param fallback the transport for those who have no mailbox; empty: none
/// @param catchAll the address for those who have no mailbox; empty: none
public record LocalUsers(
    AddressSearch users,
    Extensions extensions,
    String mailboxes,
    String fallback,
    String catchAll) {
  /// They exist in every domain of our own (RFC 5321 §4.5.1).
  private static final Set<String> ALWAYS = Set.of("postmaster", "mailer-daemon", "double-bounce");

  Lookup mailbox(Address address) {
    if (users.path().isEmpty() || ALWAYS.contains(address.localPart().toLowerCase(Locale.ROOT))) {
      return new Lookup.Found("");
    }
    return switch (users.find(address)) {
      case Search.Found(String value, _, _) -> new Lookup.Found(value);
      case Search.Absent() -> new Lookup.Absent();
      case Search.Unavailable(String why) -> new Lookup.Unavailable(why);
    };
  }

  Optional<Hop> transport(Address address) {
    return hop(mailboxes, address);
  }

  Optional<Hop> fallbackTransport(Address address) {
    return hop(fallback, address);
  }

  /// The address that takes the mail of a user who has no mailbox; absent when there is none, or it
  /// is the user's own.
  ///
  /// @throws IllegalArgumentException if it is no address
  Optional<String> instead(Address address) {
    if (catchAll.isEmpty()) {
      return Optional.empty();
    }
    Optional<Extensions.Split> split = extensions.split(address);
    String user = split.map(s -> s.base().localPart()).orElse(address.localPart());
    String extension = split.map(s -> s.extension().substring(1)).orElse("");
    String filled =
        catchAll
            .replaceAll("\\$\\{?user\\}?", quoted(user))
            .replaceAll("\\$\\{?extension\\}?", quoted(extension))
            .replaceAll("\\$\\{?domain\\}?", quoted(address.domain().name()))
            .replaceAll("\\$\\{?local\\}?", quoted(address.localPart()));
    return Optional.of(filled);
  }

  /// What came from outside is only ever a part of a local part.
  private static String quoted(String text) {
    return text.replaceAll("[^0-9A-Za-z!#%&'*+/=?^_{|}~.-]", "_");
  }

  private static Optional<Hop> hop(String transport, Address address) {
    return transport.isEmpty()
        ? Optional.empty()
        : Optional.of(Hop.parse(transport, address.domain().key()));
  }
}
