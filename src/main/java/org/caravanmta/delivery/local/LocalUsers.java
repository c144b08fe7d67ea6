package org.caravanmta.delivery.local;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.domain.Locality;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Lookup;
import org.caravanmta.table.Search;
import org.caravanmta.table.TableName;

/// The users who have a mailbox here, and what takes the mail of users who have one and of those
/// who have none (RFC 5321 §4.4).
///
/// @param users tables of the users who have a mailbox; without tables everybody has one
/// @param mailboxes the transport that takes mail in place of our mailboxes (postfix
///   `mailbox_transport`)
/// @param fallback the transport that takes the mail of users who have no mailbox (postfix
///   `fallback_transport`)
/// @param commands the command that takes mail in place of our mailboxes (postfix
///   `mailbox_command`)
/// @param keeps whether postmaster, mailer-daemon and double-bounce have a mailbox even when no
///   table has them; if not, their mail is discarded when nobody takes it
/// @param catchAll the destination of mail for users who have no mailbox
/// @param programs the transports that are the operator's programs
public record LocalUsers(
    AddressSearch users,
    Extensions extensions,
    ByUser mailboxes,
    ByUser fallback,
    ByUser commands,
    boolean keeps,
    CatchAll catchAll,
    Set<String> programs) {
  /// The users who exist in each of our own domains: postmaster because RFC 5321 §4.5.1 demands it,
  /// the others because we send mail in their name.
  private static final Set<String> ALWAYS = Set.of("postmaster", "mailer-daemon", "double-bounce");

  /// A value for all users, and tables that have another for some of them, such as postfix
  /// `mailbox_transport` and `mailbox_transport_maps`.
  ///
  /// @param all empty for none
  public record ByUser(String all, AddressSearch some) {
    /// The value for one user.
    Lookup of(Address address) {
      return switch (some.path().isEmpty() ? new Search.Absent() : some.find(address)) {
        case Search.Found(String value, _, _) -> new Lookup.Found(value);
        case Search.Unavailable(String why) -> new Lookup.Unavailable(why);
        case Search.Absent() -> all.isEmpty() ? new Lookup.Absent() : new Lookup.Found(all);
      };
    }
  }

  /// The users as the settings have them, with their tables.
  ///
  /// @param users tables of the users who have a mailbox; without tables everybody has one
  static LocalUsers open(
      LocalSettings own, AddressSearch users, Locality local, Set<String> programs) {
    return new LocalUsers(
        users,
        local.extensions(),
        byUser(local, own.own().mailboxTransport(), own.own().mailboxTransports()),
        byUser(local, own.nobody().fallbackTransport(), own.nobody().fallbackTransports()),
        byUser(local, own.own().mailboxCommand(), own.own().mailboxCommands()),
        own.own().keepPostmaster(),
        new CatchAll(own.nobody().catchAll()),
        programs);
  }

  private static ByUser byUser(Locality local, String all, List<TableName> some) {
    return new ByUser(all, local.own(some));
  }

  /// Whether a user has a mailbox: {@link Lookup.Found} if so, with the value that the table has,
  /// or an empty text where no table is asked.
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

  /// Whether a user's mail is discarded when nobody takes it: if it were returned, the report could
  /// cause another one.
  boolean discards(Address address) {
    return always(address);
  }

  private static boolean always(Address address) {
    return ALWAYS.contains(address.localPart().toLowerCase(Locale.ROOT));
  }

  /// The destination of mail for a user who has no mailbox; absent when there is none.
  Optional<String> instead(Address address) {
    return catchAll.isNone() ? Optional.empty() : Optional.of(catchAll.of(address, extensions));
  }
}
