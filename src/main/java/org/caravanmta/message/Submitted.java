package org.caravanmta.message;

import java.time.Instant;
import org.caravanmta.address.Address;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;

/// What a submission server does to the header section of a message from one of our users' programs
/// (RFC 6409 §8): what the program has left out is put in. In a resent message it is the `Resent-`
/// fields that are completed.
public final class Submitted {
  private static final String RESENT = "Resent-";

  private Submitted() {}

  /// @param name the sender's full name, empty when it is not known
  public static Headers complete(
      Headers headers,
      String id,
      String hostname,
      Domain origin,
      ReversePath sender,
      String name,
      Instant arrived) {
    String prefix =
        headers.fields().stream().anyMatch(field -> Ascii.begins(field.name(), RESENT))
            ? RESENT
            : "";
    Headers complete = with(headers, prefix + "Message-Id", "<" + id + "@" + hostname + ">");
    complete = with(complete, prefix + "Date", ReceivedField.date(arrived));
    String from =
        switch (sender) {
          case ReversePath.Null() -> "MAILER-DAEMON@" + origin;
          case ReversePath.Mailbox(Address address) -> address.toString();
        };
    return with(complete, prefix + "From", DisplayName.before(from, name));
  }

  private static Headers with(Headers headers, String name, String value) {
    return headers.first(name).isPresent()
        ? headers
        : headers.append(Headers.Field.of(name, value));
  }
}
