package org.caravanmta.quarantine;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.address.Address;
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
import org.caravanmta.message.Printable;
import org.caravanmta.message.Recipient;
import org.caravanmta.state.Quarantined;
import org.caravanmta.state.RejectedMail;
import org.caravanmta.state.StateUnavailable;

/// The letter that tells somebody what is new in the quarantine. It has the null reverse path, and
/// says that a program has written it (RFC 3834 §5), so that nothing ever answers it.
///
/// @param hostname the name of this server
/// @param origin the domain of the field From
/// @param zone of the times in it
/// @param links absent: whoever gets it has to ask the operator
record Digest(String hostname, String origin, ZoneId zone, Optional<DigestLinks> links) {
  /// Messages that one letter lists.
  static final int MOST = 200;

  private static final Client WRITER =
      new Client(ClientHost.here(), Greeting.NONE, Entrance.by(Entrance.REPORT));

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm xxx", Locale.ROOT);

  /// @param id of the letter
  /// @param news what is new
  /// @param whole whether it lists the mail of all recipients
  Mail of(String id, Address to, DigestNews news, boolean whole, Instant now)
      throws StateUnavailable {
    String subject = "Quarantine: " + news.summary() + (whole ? "" : " for you");
    byte[] text = text(to, news, whole).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] body =
        (Base64.getMimeEncoder().encodeToString(text) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    return new Mail(
        Envelope.of(
            id,
            ReversePath.NULL,
            List.of(Recipient.of(to)),
            WRITER,
            to.isAscii() ? MailOptions.NONE : MailOptions.NONE.withSmtputf8(),
            now),
        Headers.of(
            List.of(
                Headers.Field.of("Date", DATE.format(now)),
                Headers.Field.of("From", "Quarantine <MAILER-DAEMON@" + origin + ">"),
                Headers.Field.of("Subject", subject),
                Headers.Field.of("To", to.toString()),
                Headers.Field.of("Auto-Submitted", "auto-generated"),
                Headers.Field.of("MIME-Version", "1.0"),
                Headers.Field.of("Content-Type", "text/plain; charset=utf-8"),
                Headers.Field.of("Content-Transfer-Encoding", "base64"),
                Headers.Field.of("Message-ID", "<" + id + "@" + hostname + ">"))),
        new Content.Inline(body));
  }

  private String text(Address to, DigestNews news, boolean whole) throws StateUnavailable {
    var text = new StringBuilder();
    if (!news.quarantined().isEmpty()) {
      setAside(text, to, news.quarantined(), whole);
    }
    if (!news.rejected().isEmpty()) {
      if (!text.isEmpty()) {
        text.append("\n\n");
      }
      rejected(text, news.rejected());
    }
    return text.toString();
  }

  private void setAside(StringBuilder text, Address to, List<Quarantined> all, boolean whole)
      throws StateUnavailable {
    text.append(
        "Content filters at "
            + hostname
            + " have set this mail aside. It has not been delivered, and it is\n"
            + "deleted after some time. "
            + (links.isPresent()
                ? "A link opens a page with a button, which does what the link says.\n"
                : "Whoever runs the server can release it by its id.\n"));
    for (Quarantined entry : all.subList(0, Math.min(MOST, all.size()))) {
      line(text.append('\n'), "From:", sender(entry.sender()));
      if (whole) {
        line(text, "To:", String.join(", ", entry.recipients()));
      }
      line(text, "Subject:", entry.subject());
      line(text, "When:", when(entry.since()));
      line(
          text,
          "Why:",
          entry.why()
              + (entry.score().isPresent() ? " (score " + entry.score().getAsDouble() + ")" : ""));
      line(text, "Filter:", entry.filter());
      line(text, "Id:", entry.id());
      if (links.isPresent()) {
        links.get().of(entry, to, whole).forEach((word, link) -> line(text, word, link));
      }
    }
    more(text, all.size());
  }

  private void rejected(StringBuilder text, List<RejectedMail> all) {
    text.append(
        "Content filters at "
            + hostname
            + " have not let this mail in. It is not kept here, and cannot\n"
            + "be released: who sent it was told if it was rejected, and not if it was"
            + " discarded.\n");
    for (RejectedMail mail : all.subList(0, Math.min(MOST, all.size()))) {
      line(text.append('\n'), "From:", sender(mail.sender()));
      line(text, "Subject:", mail.subject());
      line(text, "When:", when(mail.since()));
      line(text, "Why:", mail.why());
      line(text, "Filter:", mail.filter());
      line(text, "Id:", mail.id());
    }
    more(text, all.size());
  }

  private static void more(StringBuilder text, int size) {
    if (size > MOST) {
      text.append("\n… and " + (size - MOST) + " more.\n");
    }
  }

  private static String sender(String sender) {
    return sender.isEmpty() ? "<>" : sender;
  }

  private String when(Instant time) {
    return TIME.withZone(zone).format(time);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format("%-8s ", name)).append(Printable.text(value)).append('\n');
  }
}
