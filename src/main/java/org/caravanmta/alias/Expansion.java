package org.caravanmta.alias;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.message.Reason;

/// What is to be done with mail for one of our users.
public sealed interface Expansion {
  /// @param acts at least one, none twice
  record Into(List<Act> acts) implements Expansion {}

  /// It cannot be told now.
  record Unclear(Reason reason) implements Expansion {}

  /// It never can.
  record Refused(Reason reason) implements Expansion {}

  sealed interface Act {}

  /// Into a user's mailbox.
  record ToMailbox(Address address) implements Act {}

  record ToFile(Path path, boolean maildir) implements Act {}

  /// To a program, on its standard input.
  ///
  /// @param own whether the user himself asks for it, as whom it runs then
  record ToCommand(String line, boolean own) implements Act {}

  /// On, as a message of its own.
  ///
  /// @param owner who hears of its failures in the place of the sender (postfix
  ///   `owner_request_special`)
  record Onward(Address address, Optional<Address> owner) implements Act {}
}
