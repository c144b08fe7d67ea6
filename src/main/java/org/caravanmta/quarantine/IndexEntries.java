package org.caravanmta.quarantine;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.caravanmta.address.Address;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.caravanmta.mime.DecodedText;
import org.caravanmta.state.Quarantined;

/// Makes the entry of the index from a message.
final class IndexEntries {
  /// Characters of a subject; nobody reads more of it in a list.
  private static final int SUBJECT = 200;

  /// Characters of what a filter says.
  private static final int WHY = 400;

  private IndexEntries() {}

  static Quarantined of(Mail mail) {
    Envelope envelope = mail.envelope();
    Optional<Custody> custody = envelope.passage().custody();
    return new Quarantined(
        mail.id(),
        mail.recipients().stream().map(recipient -> recipient.address().toString()).toList(),
        mail.reversePath().toString(),
        envelope.client().toString(),
        subject(mail.headers()),
        mail.size(),
        custody.map(Custody::filter).orElse(""),
        why(Printable.text(custody.map(Custody::why).orElse(""))),
        custody.map(Custody::score).orElse(OptionalDouble.empty()),
        custody.map(Custody::since).orElse(envelope.arrived()),
        envelope.arrived(),
        "");
  }

  static String subject(Headers headers) {
    List<Headers.Field> fields = headers.all("Subject");
    return fields.isEmpty()
        ? ""
        : cut(Printable.text(DecodedText.of(fields.getFirst().value())), SUBJECT);
  }

  /// What a filter says, cut.
  static String why(String text) {
    return cut(text, WHY);
  }

  private static String cut(String text, int most) {
    return text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /// An address as the index has it; empty if it was cut, or is null.
  static Optional<Address> address(String recipient) {
    try {
      return Optional.of(Address.parse(recipient));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
