package org.caravanmta.rewrite;

import java.util.EnumSet;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.Origin;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Fault;

/// Brings addresses into standard form, see {@link Origin}: those of the envelope always, those of
/// the header section as {@link HeaderOrigin} says.
public final class StandardForm {
  private final Origin origin;
  private final HeaderOrigin headers;

  /// @param origin completes the addresses of the envelope
  /// @param headers completes those of header sections
  public StandardForm(Origin origin, HeaderOrigin headers) {
    this.origin = origin;
    this.headers = headers;
  }

  public Case rewrite(Case c) {
    return Fault.held("standard form", c, this::brought);
  }

  private Case brought(Case c) {
    return c.ifMessage(
        message ->
            message.open()
                ? Unavailable.deferred(message, m -> m.with(rewritten(m.mail())))
                : message);
  }

  private Mail rewritten(Mail mail) {
    Mail completed =
        mail.with(mail.envelope().with(sender(mail.reversePath())))
            .with(
                mail.recipients().stream()
                    .map(recipient -> recipient.to(origin.complete(recipient.address())))
                    .toList());
    return headers
        .of(mail.envelope().client())
        .map(
            by ->
                completed.with(
                    AddressFields.map(
                        mail.headers(),
                        EnumSet.allOf(AddressClass.class),
                        text -> completed(by, text))))
        .orElse(completed);
  }

  /// Our own MAILER-DAEMON as sender is the null reverse path: nobody gets a report about it.
  private ReversePath sender(ReversePath path) {
    return switch (path) {
      case ReversePath.Null() -> path;
      case ReversePath.Mailbox(Address given) -> {
        Address address = origin.complete(given);
        yield address.localPart().equalsIgnoreCase("mailer-daemon")
                && address.domain().equals(origin.domain())
            ? ReversePath.NULL
            : ReversePath.of(address);
      }
    };
  }

  /// What is not an address by our grammar stays as it is.
  private static String completed(Origin origin, String address) {
    if (address.equals("\"\"")) {
      // nobody, of no domain
      return address;
    }
    try {
      Address completed = origin.complete(address);
      // an address that already was in standard form keeps its spelling, quotes and all
      return isComplete(address, completed) ? address : completed.toString();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }

  private static boolean isComplete(String text, Address completed) {
    try {
      Address given = Address.parse(text);
      return given.localPart().equals(completed.localPart())
          && given.domain().name().equals(completed.domain().name());
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
