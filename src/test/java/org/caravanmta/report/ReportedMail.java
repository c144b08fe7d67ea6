package org.caravanmta.report;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.config.Size;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.QueueIds;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.retry.OutcomeHearing;
import org.caravanmta.retry.WaitingTimes;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.io.TempDir;

/// Reports of one server, and a message that has failed.
abstract class ReportedMail {
  static final Reason UNKNOWN =
      new Reason(
          Status.of("5.1.1"),
          "host mail.rel.example[192.0.2.25] said: 550 5.1.1 <bob@rel.example>: user unknown (in"
              + " reply to RCPT TO command)",
          Optional.of("mail.rel.example"),
          Optional.of("550 5.1.1 <bob@rel.example>: user unknown"));

  static final Reason LOOP = Reason.of("5.4.6", "mail for loop.example loops back to myself");

  @TempDir Path directory;

  final InstantSource clock = InstantSource.fixed(Instant.parse("2026-08-25T10:00:05.000123Z"));

  Postmaster postmaster = new Postmaster(Map.of(), Address.parse("double-bounce@ex.example"));

  boolean threaded;

  Templates templates = Templates.OURS;

  Bodies bodies =
      stored -> new ByteArrayInputStream("stored\r\n".getBytes(StandardCharsets.US_ASCII));

  Mail report(Notice notice, long sizeLimit) {
    return (Mail) reports(sizeLimit).compose(notice).tasks("routing").getFirst().body();
  }

  Reports reports(long sizeLimit) {
    return new Reports(
        "mx.ex.example",
        new Domain("ex.example"),
        new ReportSettings(new Size(sizeLimit), Duration.ofDays(5), Duration.ZERO, threaded, false),
        new WaitingTimes(List.of(Duration.ofMinutes(1)), Duration.ofDays(5), Duration.ZERO),
        new QueueIds(clock, 1),
        stored -> bodies.open(stored),
        clock,
        postmaster,
        templates,
        OutcomeHearing.NOBODY);
  }

  static Mail failed(ReversePath sender) {
    Mail mail = failed().mail();
    return mail.with(mail.envelope().with(sender));
  }

  static Notice failed() {
    Mail mail =
        Letters.letter(
            "Subject: x\r\nTo: bob@rel.example\r\n",
            "hello bob\r\n",
            "bob@rel.example",
            "carol@loop.example");
    List<Recipient> recipients = mail.recipients();
    Recipient bob =
        Recipient.of(Address.parse("info@va.example"))
            .to(recipients.get(0).address())
            .because(UNKNOWN);
    return new Notice(
        Notice.Action.FAILED, mail.with(List.of(bob, recipients.get(1).because(LOOP))));
  }

  static String text(Mail mail) {
    return mail.headers()
        + "\r\n"
        + new String(((Content.Inline) mail.content()).bytes(), StandardCharsets.UTF_8);
  }
}
