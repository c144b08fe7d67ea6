package org.caravanmta.message;

import java.time.Instant;
import org.caravanmta.address.Address;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;

/// Completes the header section of a message from a user's program, as a submission server may (RFC
/// 6409 §8): it adds Message-Id, Date and From if the program has left them out. In a message that
/// has been resent, it adds the `Resent-` fields (RFC 5322 §3.6.6).
public final class Submitted {
  private static final String RESENT = "Resent-";

  private Submitted() {}

  /// The completed header section; the same object if nothing was missing.
  ///
  /// @param origin the domain of a From for the null sender
  /// @param name the sender's full name; empty when it is not known
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
