package org.caravanmta.filter.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.ContentWriter;
import org.caravanmta.message.Mail;
import org.caravanmta.message.ReceivedField;
import org.caravanmta.smtp.client.Letters;

/// Messages as content filters get them.
public final class ExaminedLetters {
  private ExaminedLetters() {}

  /// With the field that this server writes, and a store in a directory.
  public static Examined of(String headers, String body, Path directory) {
    try {
      return of(Letters.letter(headers, body, "b@example.com"), ContentStore.open(directory));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Examined of(Mail mail, ContentStore store) {
    var received =
        mail.with(mail.headers().prepend(ReceivedField.of(mail.envelope(), "mx.example.com")));
    boolean binary = mail.envelope().parameters().binary();
    var ends = binary ? ContentWriter.Ends.KEPT : ContentWriter.Ends.CRLF;
    return new Examined(
        received,
        "mx.example.com",
        store::read,
        () -> new ContentWriter(store, "new" + mail.id(), 1000, ends),
        false);
  }
}
