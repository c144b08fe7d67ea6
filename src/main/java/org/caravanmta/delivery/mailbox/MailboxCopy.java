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
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;

/// A message in the form that it has in a mailbox (RFC 5321 §4.4): with `Return-Path`,
/// `X-Original-To` and `Delivered-To` in front, and with lines that end with LF. Binary content
/// (RFC 3030 §3) would be damaged and cannot have this form.
///
/// @param originals whether it has `X-Original-To` (postfix `enable_original_recipient`)
/// @param deliveredTo whether it has `Delivered-To` (postfix `prepend_delivered_header`)
public record MailboxCopy(
    Mail mail, Recipient recipient, Bodies bodies, boolean originals, boolean deliveredTo) {
  static {
    Rights.load(MailboxCopy.class, LineFeeds.class);
  }

  public MailboxCopy(Mail mail, Recipient recipient, Bodies bodies, boolean originals) {
    this(mail, recipient, bodies, originals, true);
  }

  /// The same copy, with or without `Delivered-To`.
  public MailboxCopy deliveredTo(boolean said) {
    return new MailboxCopy(mail, recipient, bodies, originals, said);
  }

  /// A mailbox that a copy can be written to.
  public interface Writing {
    /// Writes the copy.
    ///
    /// @throws IOException when that is not possible, for now unless it is an {@link Mbox.Full} or
    ///   {@link Mbox.Unfit}
    void into(Maildir.Source copy) throws IOException;
  }

  /// The failure of a message that cannot have this form, because its content is binary; absent for
  /// any other.
  ///
  /// @param kind of destination, for the log: `maildir`, `mailbox`, `file`, `command`
  public Optional<Attempt> unfit(String kind) {
    return mail.envelope().parameters().binary()
        ? Optional.of(
            new Attempt.Failed(Reason.of("5.6.3", "binary content cannot be delivered to " + kind)))
        : Optional.empty();
  }

  /// Writes the copy to a mailbox.
  ///
  /// @param kind of mailbox, for the log
  /// @param relay for the log
  /// @return delivered; failed when the mailbox is full or not fit, or the content is binary; else
  ///   deferred
  public Attempt to(String kind, String relay, Writing mailbox) {
    Optional<Attempt> unfit = unfit(kind);
    if (unfit.isPresent()) {
      return unfit.get();
    }
    Headway headway = Headway.current();
    headway.with(() -> kind);
    headway.step(Step.MAILBOX);
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

  /// Writes the copy to a stream, which stays open.
  ///
  /// @throws IOException when the content cannot be read whole, or not be written
  public void write(OutputStream to) throws IOException {
    try (InputStream body = body()) {
      write(to, body);
    }
  }

  /// The body, which has to be opened with our own rights, and before anything is locked.
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

  /// Writes the message to a stream after other fields than those of a mailbox.
  ///
  /// @param trace the fields, with LF at the end of each
  /// @throws IOException when the content cannot be read whole, or not be written
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

  /// The status of a failure to write (RFC 3463): always of class 4, since it is not the sender's
  /// fault.
  private static String status(IOException e) {
    String why = why(e);
    return why.contains("No space left") ? "4.3.0" : why.contains("quota") ? "4.2.2" : "4.2.0";
  }

  private static String why(IOException e) {
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : String.valueOf(e.getMessage());
  }

  /// Whether a message has been delivered to a recipient before, which a `Delivered-To` with the
  /// recipient's address shows: then it is in a forwarding loop.
  public static boolean hasBeenHere(Headers headers, Recipient recipient) {
    String own = recipient.address().toString();
    return headers.all("Delivered-To").stream()
        .anyMatch(field -> field.value().equalsIgnoreCase(own));
  }
}
