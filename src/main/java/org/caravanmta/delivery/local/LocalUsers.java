package org.caravanmta.delivery.local;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Search;

/// Who has a mailbox here, and what takes the mail of those who do and of those who do not (postfix
/// `mailbox_transport`, `mailbox_command`, `fallback_transport`, `luser_relay`).
///
/// @param users tables of those who have a mailbox; without tables everybody has one
/// @param mailboxes a transport in place of our Maildirs
/// @param fallback the transport for those who have no mailbox
/// @param commands what mail is handed to in place of our Maildirs
/// @param keeps whether those who always exist have a mailbox even when no table says so; if not,
///   their mail is discarded when nobody takes it
/// @param catchAll who takes the mail of those who have no mailbox
/// @param programs transports that are the operator's programs
public record LocalUsers(
    AddressSearch users,
    Extensions extensions,
    ByUser mailboxes,
    ByUser fallback,
    ByUser commands,
    boolean keeps,
    CatchAll catchAll,
    Set<String> programs) {
  /// They exist in every domain of our own (RFC 5321 §4.5.1).
  private static final Set<String> ALWAYS = Set.of("postmaster", "mailer-daemon", "double-bounce");

  /// A text for everybody, and tables of others for some (postfix `mailbox_transport` and
  /// `mailbox_transport_maps`, for one).
  ///
  /// @param all empty for none
  public record ByUser(String all, AddressSearch some) {
    Lookup of(Address address) {
      return switch (some.path().isEmpty() ? new Search.Absent() : some.find(address)) {
        case Search.Found(String value, _, _) -> new Lookup.Found(value);
        case Search.Unavailable(String why) -> new Lookup.Unavailable(why);
        case Search.Absent() -> all.isEmpty() ? new Lookup.Absent() : new Lookup.Found(all);
      };
    }
  }

  Lookup mailbox(Address address) {
    if (users.path().isEmpty() || keeps && always(address)) {
      return new Lookup.Found("");
    }
    return switch (users.find(address)) {
      case Search.Found(String value, _, _) -> new Lookup.Found(value);
      case Search.Absent() -> new Lookup.Absent();
      case Search.Unavailable(String why) -> new Lookup.Unavailable(why);
    };
  }

  /// Whether mail that nobody takes is not returned, so that none goes round forever.
  boolean discards(Address address) {
    return always(address);
  }

  private static boolean always(Address address) {
    return ALWAYS.contains(address.localPart().toLowerCase(Locale.ROOT));
  }

  /// Who takes the mail of a user who has no mailbox; absent when nobody does.
  Optional<String> instead(Address address) {
    return catchAll.isNone() ? Optional.empty() : Optional.of(catchAll.of(address, extensions));
  }
}
