package org.caravanmta.alias;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.message.Reason;

/// What is to be done with mail for one of our users (RFC 5321 §3.9).
public sealed interface AliasTargets {
  /// @param acts at least one, and each only once
  record Into(List<Act> acts) implements AliasTargets {}

  /// It can never be delivered.
  record Refused(Reason reason) implements AliasTargets {}

  sealed interface Act {
    /// Two acts with the same key are one, also when the message is tried again. Addresses that
    /// differ only in case are the same (postfix `been_here(3)`); paths are not.
    default String key() {
      return switch (this) {
        case ToMailbox(Address address) -> "mailbox " + address.key();
        case Onward(Address address, _, _) -> "onward " + address.key();
        case ToFile(Path path, boolean maildir, Behalf behalf) ->
            (maildir ? "maildir " : "file ") + path + of(behalf);
        case ToCommand(String line, Behalf behalf) -> "command " + line + of(behalf);
        case Impossible(Reason reason) -> "impossible " + reason.status() + " " + reason.text();
        case Waiting(Reason reason) -> "waiting " + reason.status() + " " + reason.text();
      };
    }

    private static String of(Behalf behalf) {
      return switch (behalf) {
        case Operators() -> "";
        case Users() -> ", user's";
        case Holders(int user) -> ", of " + user;
      };
    }
  }

  /// Into a user's mailbox.
  record ToMailbox(Address address) implements Act {}

  record ToFile(Path path, boolean maildir, Behalf behalf) implements Act {}

  /// To a command, on its standard input.
  record ToCommand(String line, Behalf behalf) implements Act {}

  /// On, as a message of its own.
  ///
  /// @param owner who hears of its failures in place of the sender (postfix
  ///   `owner_request_special`)
  /// @param via the recipient it had here, by which a loop is detected (postfix
  ///   `frozen_delivered_to`)
  record Onward(Address address, Optional<Address> owner, Address via) implements Act {}

  /// To nobody: it cannot be reached, whatever becomes of the others.
  ///
  /// @param reason one that will never change
  record Impossible(Reason reason) implements Act {}

  /// The destination cannot be determined now, whatever becomes of the others.
  record Waiting(Reason reason) implements Act {}

  /// On whose behalf a file is written or a command run, and with whose rights when the server runs
  /// as root (postfix `local(8)`, "delivery rights").
  sealed interface Behalf {}

  /// The operator, who has set up aliases as root.
  record Operators() implements Behalf {}

  /// The user whom the mail is for, and whose own `.forward` file it is.
  record Users() implements Behalf {}

  /// The owner of the table or list that names it.
  ///
  /// @param user the owner's number, never root's
  record Holders(int user) implements Behalf {}
}
