package org.caravanmta.rewrite;

import java.util.List;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.AddressClass;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Fault;

/// A rule that puts one address in place of another wherever it stands in a message (postfix
/// `ADDRESS_REWRITING_README`), in the envelope and in the header section.
///
/// @see Canonical
/// @see Masquerade
public abstract sealed class Mechanism permits Canonical, Masquerade {
  private final Set<AddressClass> classes;
  private final HeaderOrigin headers;

  /// @param headers whose header sections are rewritten
  Mechanism(Set<AddressClass> classes, HeaderOrigin headers) {
    this.classes = Set.copyOf(classes);
    this.headers = headers;
  }

  /// Whether there is anything this rule could change.
  abstract boolean idle();

  /// What stands in place of an address; the address itself when it is not a matter of this rule.
  ///
  /// @throws Unavailable if it cannot be told now
  abstract Address put(Address address);

  /// What stands in place of an address of the envelope or of a header field.
  Address put(AddressClass place, Address address) {
    return classes.contains(place) ? put(address) : address;
  }

  public Case rewrite(Case c) {
    return Fault.held(getClass().getSimpleName(), c, this::applied);
  }

  private Case applied(Case c) {
    return c.ifMessage(
        message ->
            message.open() && !idle() ? Unavailable.deferred(message, this::rewritten) : message);
  }

  private Case.Message rewritten(Case.Message message) {
    Mail mail = message.mail();
    Mail enveloped =
        mail.with(mail.envelope().with(sender(mail.reversePath())))
            .with(recipients(mail.recipients()));
    return message.with(
        headers.of(mail.envelope().client()).isEmpty()
            ? enveloped
            : enveloped.with(fields(mail.headers())));
  }

  private ReversePath sender(ReversePath path) {
    return switch (path) {
      case ReversePath.Null() -> path;
      case ReversePath.Mailbox(Address given) -> {
        Address put = put(AddressClass.ENVELOPE_SENDER, given);
        yield put == given ? path : ReversePath.of(put);
      }
    };
  }

  private List<Recipient> recipients(List<Recipient> recipients) {
    return recipients.stream()
        .map(recipient -> recipient.to(put(AddressClass.ENVELOPE_RECIPIENT, recipient.address())))
        .toList();
  }

  private Headers fields(Headers section) {
    return AddressFields.map(section, classes, this::written);
  }

  /// What is not an address by our grammar stays as it is.
  private String written(String text) {
    Address given;
    try {
      given = Address.parse(text);
    } catch (IllegalArgumentException e) {
      return text;
    }
    Address put = put(given);
    return put.equals(given) ? text : put.toString();
  }
}
