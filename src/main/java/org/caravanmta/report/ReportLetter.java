package org.caravanmta.report;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Content;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;

/// A report as a message (RFC 6522): what happened in words, the same for programs, and the message
/// it is about.
///
/// @param from what stands in the field From
/// @param words the first part, its lines ended by CRLF
/// @param charset of the first part where it has all of its characters; else that is in UTF-8
/// @param automatic what stands in Auto-Submitted (RFC 3834 §5)
/// @param related the fields that tie it to the message it is about
record ReportLetter(
    String id,
    ReversePath path,
    Address to,
    String from,
    String subject,
    String words,
    Charset charset,
    String automatic,
    List<Headers.Field> related,
    Notice notice,
    ReturnedPart returned) {
  private static final Client REPORTER =
      new Client(ClientHost.here(), Greeting.NONE, Entrance.by(Entrance.REPORT));

  /// @param lifetime how long a message is tried
  Mail mail(String hostname, Duration lifetime, Instant now) {
    String boundary = id + "." + now.getEpochSecond() + "/" + hostname;
    boolean global = isGlobal();
    String status = StatusPart.of(notice, hostname, lifetime, global);
    boolean eightBit = returned.eightBit() || !Ascii.is(words) || !Ascii.is(status);
    return new Mail(
        envelope(now, eightBit, global),
        headers(hostname, now, boundary, eightBit),
        new Content.Inline(body(boundary, status, global)));
  }

  static String messageId(String id, String hostname) {
    return "<" + id + "@" + hostname + ">";
  }

  /// Whether the report has the types of RFC 6533: it goes to an address beyond ASCII, or what it
  /// returns has fields beyond ASCII that were declared, which only those types can hold. To an
  /// address of ASCII all else is written in ASCII, whatever the message declared or an alias has
  /// named: its server need not offer SMTPUTF8, and who is told may have no use for those types.
  ///
  /// Neither needs SMTPUTF8 on the way there, since the fields of the report itself are of ASCII,
  /// and a part of any type may have eight bits (RFC 6532 §3.7).
  private boolean isGlobal() {
    boolean declared =
        notice.parts().stream().anyMatch(told -> told.mail().envelope().parameters().smtputf8());
    return !to.isAscii() || declared && returned.international();
  }

  private Envelope envelope(Instant now, boolean eightBit, boolean global) {
    var body =
        eightBit ? Optional.of(MailOptions.Body.EIGHTBITMIME) : Optional.<MailOptions.Body>empty();
    var parameters = new MailOptions(body, global, Optional.empty(), Optional.empty());
    return Envelope.of(
        id,
        path,
        List.of(Recipient.of(to)),
        REPORTER,
        // RFC 8689 §5
        notice.mail().envelope().parameters().requireTls()
            ? parameters.withRequireTls()
            : parameters,
        now);
  }

  private Headers headers(String hostname, Instant now, String boundary, boolean eightBit) {
    var fields =
        new ArrayList<>(
            List.of(
                Headers.Field.of("Date", StatusPart.DATE.format(now)),
                Headers.Field.of("From", from),
                Headers.Field.of("Subject", subject),
                Headers.Field.of("To", to.toString())));
    fields.addAll(related);
    fields.addAll(
        List.of(
            Headers.Field.of("Auto-Submitted", automatic),
            Headers.Field.of("MIME-Version", "1.0"),
            Headers.Field.of(
                "Content-Type",
                "multipart/report; report-type=delivery-status;\r\n\tboundary=\""
                    + boundary
                    + "\""),
            Headers.Field.of("Content-Transfer-Encoding", encoding(eightBit)),
            Headers.Field.of("Message-ID", messageId(id, hostname))));
    return Headers.of(fields);
  }

  private byte[] body(String boundary, String status, boolean global) {
    var body = new ByteArrayOutputStream();
    Charset spoken = charset.newEncoder().canEncode(words) ? charset : StandardCharsets.UTF_8;
    text(body, "This is a MIME-encapsulated message.\r\n");
    String type = "text/plain; charset=" + spoken.name().toLowerCase(Locale.ROOT);
    part(body, boundary, "Notification", type, !Ascii.is(words));
    body.writeBytes(words.getBytes(spoken));
    part(
        body,
        boundary,
        "Delivery report",
        // RFC 3464 §2.1 has it in seven bits, which only RFC 6533 §3 can need more than
        global ? "message/global-delivery-status" : "message/delivery-status",
        !Ascii.is(status));
    text(body, status);
    part(
        body,
        boundary,
        returned.description(notice.action()),
        returned.type(global),
        returned.eightBit());
    body.writeBytes(returned.bytes());
    text(body, "\r\n--" + boundary + "--\r\n");
    return body.toByteArray();
  }

  private static void part(
      ByteArrayOutputStream body,
      String boundary,
      String description,
      String type,
      boolean eightBit) {
    text(body, "\r\n--" + boundary + "\r\n");
    text(body, "Content-Description: " + description + "\r\nContent-Type: " + type + "\r\n");
    text(body, "Content-Transfer-Encoding: " + encoding(eightBit) + "\r\n\r\n");
  }

  /// RFC 2045 §6.1.
  private static String encoding(boolean eightBit) {
    return eightBit ? "8bit" : "7bit";
  }

  private static void text(ByteArrayOutputStream body, String text) {
    body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
