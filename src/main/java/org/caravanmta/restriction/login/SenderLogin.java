package org.caravanmta.restriction.login;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.AddressSearch;

/// Refuses mail of a user from an address that is not the user's own, and mail of anybody else from
/// an address that is a user's own (RFC 6409 §6.1; postfix `reject_sender_login_mismatch`).
public final class SenderLogin {
  private final AddressOwners owners;
  private final boolean asked;
  private final Origin origin;

  /// @param owners the names of users by their addresses, with commas or white space between; no
  ///   tables: nobody is asked
  /// @param origin completes the addresses of fields, as rewriting does later
  public SenderLogin(AddressSearch owners, Origin origin) {
    this.owners = new AddressOwners(owners);
    this.asked = !owners.path().isEmpty();
    this.origin = origin;
  }

  public Case check(Case c) {
    if (!asked || !c.open() || !c.client().listener().startsWith("submission")) {
      return c;
    }
    return switch (c) {
      case Case.Connection _, Case.Data _, Case.Event _ -> c;
      case Case.Rcpt rcpt ->
          switch (rcpt.sender()) {
            case ReversePath.Null() -> rcpt;
            case ReversePath.Mailbox(Address address) ->
                rcpt.decided(ask(rcpt.client(), address.toString(), Optional.of(address)));
          };
      case Case.Message message -> message.decided(from(message));
    };
  }

  private Verdict from(Case.Message message) {
    List<String> addresses =
        message.mail().headers().fields().stream()
            .filter(field -> field.is("From"))
            .flatMap(field -> FromAddresses.of(field.value()).stream())
            .toList();
    for (String text : addresses) {
      Verdict verdict = ask(message.client(), text, address(text));
      if (!(verdict instanceof Verdict.Undecided)) {
        return verdict;
      }
    }
    return message.verdict();
  }

  private Verdict ask(Client client, String text, Optional<Address> address) {
    if (address.isEmpty()) {
      return refused(text, client);
    }
    return switch (owners.claim(address.get(), client.login())) {
      case AddressOwners.Claim.Unavailable(String _) ->
          new Verdict.Defer(Reply.of(451, "4.3.0", "<" + text + ">: Temporary lookup failure"));
      case AddressOwners.Claim.Own() -> Verdict.UNDECIDED;
      case AddressOwners.Claim.Others() -> refused(text, client);
      case AddressOwners.Claim.Nobodys() ->
          client.login().isEmpty() ? Verdict.UNDECIDED : refused(text, client);
    };
  }

  private static Verdict refused(String text, Client client) {
    String why = client.login().map(user -> "not owned by user " + user).orElse("not logged in");
    return new Verdict.Reject(
        Reply.of(553, "5.7.1", "<" + text + ">: Sender address rejected: " + why));
  }

  private Optional<Address> address(String text) {
    try {
      return Optional.of(origin.complete(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
