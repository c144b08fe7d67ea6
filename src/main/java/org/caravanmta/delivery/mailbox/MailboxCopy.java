package org.caravanmta.delivery.mailbox;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.Optional;
import org.caravanmta.account.Rights;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;

/// A message in the form it has in a mailbox (RFC 5321 §4.4): `Return-Path`, `X-Original-To` and
/// `Delivered-To` in front, and lines that end in LF, which would damage binary content (RFC 3030
/// §3).
///
/// @param originals whether there is an `X-Original-To`
/// @param deliveredTo whether there is a `Delivered-To`
public record MailboxCopy(
    Mail mail, Recipient recipient, Bodies bodies, boolean originals, boolean deliveredTo) {
  static {
    Rights.load(MailboxCopy.class, LineFeeds.class);
  }

  public MailboxCopy(Mail mail, Recipient recipient, Bodies bodies, boolean originals) {
    this(mail, recipient, bodies, originals, true);
  }

  /// The same, with or without `Delivered-To` (postfix `prepend_delivered_header`).
  public MailboxCopy deliveredTo(boolean said) {
    return new MailboxCopy(mail, recipient, bodies, originals, said);
  }

  /// Something that the copy is written to.
  public interface Writing {
    void into(Maildir.Source copy) throws IOException;
  }

  /// Why it cannot have this form.
  public Optional<Attempt> unfit(String kind) {
    return mail.envelope().parameters().binary()
        ? Optional.of(
            new Attempt.Failed(Reason.of("5.6.3", "binary content cannot be delivered to " + kind)))
        : Optional.empty();
  }

  /// Writes it to a mailbox of some kind.
  public Attempt to(String kind, String relay, Writing mailbox) {
    Optional<Attempt> unfit = unfit(kind);
    if (unfit.isPresent()) {
      return unfit.get();
    }
    try (InputStream body = body()) {
      mailbox.into(out -> write(out, body));
      return new Attempt.Delivered("delivered to " + kind, relay);
    } catch (Mbox.Full e) {
      return new Attempt.Failed(Reason.of("5.2.2", String.valueOf(e.getMessage())));
    } catch (Mbox.Unfit e) {
      return new Attempt.Failed(Reason.of("5.7.1", String.valueOf(e.getMessage())));
    } catch (IOException e) {
      return new Attempt.Deferred(Reason.of(status(e), kind + " delivery failed: " + why(e)));
    }
  }

  public void write(OutputStream to) throws IOException {
    try (InputStream body = body()) {
      write(to, body);
    }
  }

  /// Opened with our own rights, and before anything is locked.
  private InputStream body() throws IOException {
    return switch (mail.content()) {
      case Content.Inline(byte[] bytes) -> new ByteArrayInputStream(bytes);
      case Content.Stored stored -> bodies.open(stored);
    };
  }

  private void write(OutputStream to, InputStream body) throws IOException {
    var out = new LineFeeds(new BufferedOutputStream(to, 64 * 1024));
    String trace =
        "Return-Path: <"
            + mail.reversePath()
            + ">\n"
            + (originals ? "X-Original-To: " + recipient.original() + "\n" : "")
            + (deliveredTo ? "Delivered-To: " + recipient.address() + "\n" : "");
    write(trace, out, body);
  }

  /// After fields other than those of a mailbox.
  public void write(String trace, OutputStream to) throws IOException {
    try (InputStream body = body()) {
      write(trace, new LineFeeds(new BufferedOutputStream(to, 64 * 1024)), body);
    }
  }

  private void write(String trace, LineFeeds out, InputStream body) throws IOException {
    byte[] prepended = trace.getBytes(StandardCharsets.UTF_8);
    out.write(prepended, 0, prepended.length);
    out.write(mail.headers().bytes(), 0, mail.headers().length());
    out.write('\n');
    long length = body.transferTo(out);
    if (mail.content() instanceof Content.Stored stored && length != stored.length()) {
      throw new IOException(stored.ref() + " is not whole");
    }
    out.finish();
  }

  /// None of this is the sender's fault: it is always tried again.
  private static String status(IOException e) {
    String why = why(e);
    return why.contains("No space left") ? "4.3.0" : why.contains("quota") ? "4.2.2" : "4.2.0";
  }

  private static String why(IOException e) {
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : String.valueOf(e.getMessage());
  }

  /// Whether it has been delivered to this recipient before: a forwarding loop always leaves a
  /// `Delivered-To`.
  public static boolean hasBeenHere(Headers headers, Recipient recipient) {
    String own = recipient.address().toString();
    return headers.all("Delivered-To").stream()
        .anyMatch(field -> field.value().equalsIgnoreCase(own));
  }
}
