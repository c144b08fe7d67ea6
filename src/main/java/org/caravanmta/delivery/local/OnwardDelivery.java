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

/// Has mail for one of our users go on: to other addresses, as a message of its own (RFC 5321
/// §3.9), or as it is to another transport.
///
/// @param programs transports that are the operator's programs
record OnwardDelivery(Forwarding forwarding, Set<String> programs) {
  /// What goes on as one message.
  ///
  /// @param owner who hears of its failures in place of the sender
  /// @param via whom it was for here
  record Group(Optional<Address> owner, Address via) {
    Notice.Action success() {
      return owner.isPresent() ? Notice.Action.DELIVERED : Notice.Action.EXPANDED;
    }
  }

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

  /// To another transport, which takes over to say what became of it.
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
