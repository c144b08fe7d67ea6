package org.caravanmta.restriction;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.event.Events;
import org.caravanmta.event.RestrictionEvent;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.restriction.login.AddressOwners;
import org.caravanmta.table.AddressSearch;

/// Refuses a sender address to those whose it is not (RFC 6409 §6.1; postfix
/// `reject_sender_login_mismatch`).
///
/// @param owners the table of who may use an address (postfix `smtpd_sender_login_maps`): address
///   to login names
/// @param loggedIn whether users who are logged in are asked about
/// @param strangers whether clients who are not logged in are
/// @param knownOnly whether only addresses in the table are
record LoginMismatch(AccessTable owners, boolean loggedIn, boolean strangers, boolean knownOnly)
    implements Restriction {
  @Override
  public Finding ask(RestrictedCase asked) {
    if (asked.from().isEmpty()) {
      return Finding.DUNNO;
    }
    Address from = asked.from().get();
    var addresses = new AddressSearch(owners.path(), owners.extensions(), _ -> false);
    Optional<String> login = asked.client().login();
    return switch (new AddressOwners(addresses).claim(from, login)) {
      case AddressOwners.Claim.Unavailable(String why) -> {
        Events.tell(new RestrictionEvent.Undecided("sender login table: " + why));
        yield Finding.BROKEN;
      }
      case AddressOwners.Claim.Own() -> Finding.DUNNO;
      case AddressOwners.Claim.Nobodys() ->
          login.isPresent() && loggedIn && !knownOnly
              ? notOwned(asked, login.get())
              : Finding.DUNNO;
      case AddressOwners.Claim.Others() -> {
        if (login.isEmpty()) {
          yield strangers ? mismatch(asked, "not logged in") : Finding.DUNNO;
        }
        yield loggedIn ? notOwned(asked, login.get()) : Finding.DUNNO;
      }
    };
  }

  private static Finding notOwned(RestrictedCase asked, String login) {
    return mismatch(asked, "not owned by user " + login);
  }

  private static Finding mismatch(RestrictedCase asked, String text) {
    return new Finding.Refused(asked.mailFrom().reply(553, "5.7.1", text));
  }
}
