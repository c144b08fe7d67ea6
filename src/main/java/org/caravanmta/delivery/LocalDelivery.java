package org.caravanmta.delivery;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers into the recipient's {@link Maildir}: final delivery (RFC 5321 §4.4), which puts
/// `Return-Path`, `X-Original-To` and `Delivered-To` before the message and ends lines with LF.
public final class LocalDelivery {
  private static final Logger log = LoggerFactory.getLogger(LocalDelivery.class);
  private static final String RELAY = "local";

  private final MailboxPath mailboxes;
  private final String hostname;
  private final Bodies bodies;
  private final InstantSource clock;

  /// @param directory what the template is below of
  /// @param template the Maildir of a recipient, `mail/%d/%u/Maildir`
  /// @param delimiters the characters that may start an address extension
  public LocalDelivery(
      Path directory,
      String template,
      String delimiters,
      String hostname,
      Bodies bodies,
      InstantSource clock) {
    this.mailboxes = new MailboxPath(directory, template, delimiters);
    this.hostname = hostname;
    this.bodies = bodies;
    this.clock = clock;
  }

  public Outcome deliver(Mail mail) {
    Instant begun = clock.instant();
    var results =
        mail.recipients().stream()
            .map(
                recipient ->
                    new Result(
                        recipient,
                        attempt(mail, recipient),
                        RELAY,
                        0,
                        Optional.of(Notice.Action.DELIVERED)))
            .toList();
    return new Outcome(
        mail, results, Times.of(mail.envelope(), begun, begun, clock.instant()), true);
  }

  private Attempt attempt(Mail mail, Recipient recipient) {
    Optional<Path> path = mailboxes.of(recipient.address());
    if (path.isEmpty()) {
      return failed("5.1.1", "unknown user: \"" + recipient.address() + "\"");
    }
    if (mail.envelope().parameters().binary()) {
      // RFC 3030 §3: lines are ended anew here, which binary content does not survive
      return failed("5.6.3", "binary content cannot be delivered to maildir");
    }
    if (hasBeenHere(mail.headers(), recipient)) {
      return failed("5.4.6", "mail forwarding loop for " + recipient.address());
    }
    try {
      new Maildir(path.get(), hostname, clock).add(out -> write(mail, recipient, out));
      return new Attempt.Delivered("delivered to maildir", RELAY);
    } catch (IOException e) {
      log.error("{}: maildir {} cannot be written", mail.id(), path.get(), e);
      return new Attempt.Deferred(Reason.of(status(e), "maildir delivery failed: " + why(e)));
    }
  }

  /// Delivered-To is what a loop through forwarding cannot avoid.
  private static boolean hasBeenHere(Headers headers, Recipient recipient) {
    String own = recipient.address().toString();
    return headers.all("Delivered-To").stream()
        .anyMatch(field -> field.value().equalsIgnoreCase(own));
  }

  private void write(Mail mail, Recipient recipient, OutputStream to) throws IOException {
    var out = new LineFeeds(new BufferedOutputStream(to, 64 * 1024));
    String trace =
        "Return-Path: <"
            + mail.reversePath()
            + ">\nX-Original-To: "
            + recipient.original()
            + "\nDelivered-To: "
            + recipient.address()
            + "\n";
    byte[] prepended = trace.getBytes(StandardCharsets.UTF_8);
    out.write(prepended, 0, prepended.length);
    out.write(mail.headers().bytes(), 0, mail.headers().length());
    out.write('\n');
    switch (mail.content()) {
      case Content.Inline(byte[] bytes) -> out.write(bytes, 0, bytes.length);
      case Content.Stored stored -> {
        try (var in = bodies.open(stored)) {
          if (in.transferTo(out) != stored.length()) {
            throw new IOException(stored.ref() + " is not whole");
          }
        }
      }
    }
    out.finish();
  }

  /// Nothing here is the sender's fault: all of it is tried again.
  private static String status(IOException e) {
    String why = why(e);
    return why.contains("No space left") ? "4.3.0" : why.contains("quota") ? "4.2.2" : "4.2.0";
  }

  private static String why(IOException e) {
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason()
        : String.valueOf(e.getMessage());
  }

  private static Attempt failed(String status, String text) {
    return new Attempt.Failed(Reason.of(status, text));
  }
}
