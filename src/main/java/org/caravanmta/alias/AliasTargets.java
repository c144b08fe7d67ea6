package org.caravanmta.alias;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.message.Reason;

/// What is to be done with mail for one of our users.
public sealed interface AliasTargets {
  /// @param acts at least one, none twice
  record Into(List<Act> acts) implements AliasTargets {}

  /// It never can.
  record Refused(Reason reason) implements AliasTargets {}

  sealed interface Act {
    /// What makes two of them one, also when the message is tried again. Addresses that differ in
    /// case only are one (postfix `been_here(3)`); paths are not.
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

  /// To a program, on its standard input.
  record ToCommand(String line, Behalf behalf) implements Act {}

  /// On, as a message of its own.
  ///
  /// @param owner who hears of its failures in place of the sender (postfix
  ///   `owner_request_special`)
  /// @param via whom it was for here, by which a loop is seen (postfix `frozen_delivered_to`)
  record Onward(Address address, Optional<Address> owner, Address via) implements Act {}

  /// To nobody: it cannot be reached, whatever becomes of the others.
  ///
  /// @param reason that never changes
  record Impossible(Reason reason) implements Act {}

  /// The destination cannot be found out now, whatever becomes of the others.
  record Waiting(Reason reason) implements Act {}

  /// For whom a file is written or a command runs, and with whose rights, when the server runs as
  /// root (postfix `local(8)`, "delivery rights").
  sealed interface Behalf {}

  /// The one who has set up aliases as root.
  record Operators() implements Behalf {}

  /// The user the mail is for, whose own `.forward` says so.
  record Users() implements Behalf {}

  /// Whose a table or a list is that says so.
  ///
  /// @param user his number, never root's
  record Holders(int user) implements Behalf {}
}
