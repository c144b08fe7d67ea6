package org.caravanmta.delivery.local;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;

/// The delivery that sends mail for one of our users on: to other addresses, as a message of its
/// own (RFC 5321 §3.9), or unchanged to another transport.
///
/// @param programs the transports that are the operator's programs
record OnwardDelivery(Forwarding forwarding, Set<String> programs) {
  /// Addresses that get one forwarded message together, by what they have in common.
  ///
  /// @param owner who gets reports about it in place of the sender; absent for the sender
  /// @param via the recipient that it had here
  record Group(Optional<Address> owner, Address via) {
    /// What a report of success calls it: the message has been delivered to a list with an owner,
    /// or expanded into several addresses (RFC 3464 §2.3.3).
    Notice.Action success() {
      return owner.isPresent() ? Notice.Action.DELIVERED : Notice.Action.EXPANDED;
    }
  }

  /// Forwards the message to other addresses.
  Attempt to(List<Address> addresses, Group of, LocalRecipient one) {
    return switch (forwarding.to(one.mail(), one.recipient(), addresses, of.owner(), of.via())) {
      case Forwarding.Made.Unavailable(String why) -> new Attempt.Deferred(Reason.of("4.3.0", why));
      case Forwarding.Made.Ready(String id, List<Mail> parts) -> {
        one.makes(parts);
        one.succeedsBy(of.success());
        yield new Attempt.Delivered("forwarded as " + id, LocalRecipient.RELAY);
      }
    };
  }

  /// Passes the message to another transport, which will report what becomes of it.
  ///
  /// @param transport `transport` or `transport:nexthop`
  Attempt by(String transport, Address address, LocalRecipient one) {
    Destination destination =
        NamedTransport.parse(transport, address.domain().key()).destination(programs);
    one.makes(
        List.of(
            one.mail()
                .with(
                    one.mail()
                        .envelope()
                        .with(List.of(one.recipient().to(address).having(Set.of())))
                        .with(destination))));
    one.isPassedOn();
    return new Attempt.Delivered("passed to " + destination.transport(), LocalRecipient.RELAY);
  }
}
