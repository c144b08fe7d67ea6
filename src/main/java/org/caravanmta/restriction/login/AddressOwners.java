package org.caravanmta.restriction.login;

import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.address.Address;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Search;

/// The users that addresses belong to (RFC 6409 §6.1; postfix `smtpd_sender_login_maps`).
///
/// @param addresses the names of users by their addresses, with commas or white space between
public record AddressOwners(AddressSearch addresses) {
  /// Whose an address is, seen by one client.
  public sealed interface Claim {
    /// The user's own.
    record Own() implements Claim {}

    /// That of others, one of whom the client may be when it has not logged in.
    record Others() implements Claim {}

    /// Not in the tables.
    record Nobodys() implements Claim {}

    record Unavailable(String why) implements Claim {}
  }

  /// @param login who the client has logged in as; case makes no difference
  public Claim claim(Address address, Optional<String> login) {
    return switch (addresses.find(address)) {
      case Search.Unavailable(String why) -> new Claim.Unavailable(why);
      case Search.Absent() -> new Claim.Nobodys();
      case Search.Found(String users, _, _) ->
          login.filter(user -> names(users).anyMatch(user::equalsIgnoreCase)).isPresent()
              ? new Claim.Own()
              : new Claim.Others();
    };
  }

  private static Stream<String> names(String users) {
    return Stream.of(users.strip().split("[\\s,]+"));
  }
}
