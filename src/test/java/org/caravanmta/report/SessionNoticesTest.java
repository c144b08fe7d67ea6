package org.caravanmta.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.event.Trouble;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

/// Transcripts of sessions for the postmaster (postfix `notify_classes`). Acceptance row 202.
class SessionNoticesTest {
  private static final Address SENDER = Address.parse("double-bounce@ex.example");

  private final List<String> posted = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();

  @Test
  void aTranscriptIsPostedFromDoubleBounce() {
    SessionNotices notices = notices(this::post);
    notices.hear(troubled(Trouble.PROTOCOL));
    assertThat(later).isEmpty();
    notices.hear(troubled(Trouble.POLICY));
    later.forEach(Runnable::run);
    assertThat(posted)
        .containsExactly(
            """
            double-bounce@ex.example -> postmaster@ex.example
            From: Mail Delivery System <MAILER-DAEMON@ex.example>
            To: postmaster@ex.example
            Subject: Caravan SMTP server: errors from client.example[192.0.2.7]
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            mx.ex.example has refused something (policy). Transcript of session follows.

             In:  RCPT TO:<b@c.example>
             Out: 554 5.7.1 no?

            For other details, see the log.
            """
                .replace("\n", "\r\n")
                .replaceFirst("\r\n", "\n"));
  }

  @Test
  void aServerThatDoesNotKeepToSmtpIsTold() {
    SessionNotices notices =
        new SessionNotices(
            SENDER,
            Address.parse("postmaster@ex.example"),
            Set.of(Trouble.PROTOCOL),
            "mx.ex.example",
            this::post,
            later::add);
    var erred =
        new DeliveryEvent.ServerErred(
            "mx.c.example[192.0.2.9]:25", List.of("Out: RCPT TO:<b@c.example>", "In:  501 what"));
    notices(this::post).hear(erred);
    assertThat(later).isEmpty();

    notices.hear(erred);
    later.forEach(Runnable::run);

    assertThat(posted)
        .singleElement()
        .asString()
        .startsWith("double-bounce@ex.example -> postmaster@ex.example\n")
        .contains(
            "\r\nSubject: Caravan SMTP client: errors from mx.c.example[192.0.2.9]:25\r\n",
            "\r\n\r\nUnexpected response from mx.c.example[192.0.2.9]:25. Transcript of session"
                + " follows.\r\n\r\n Out: RCPT TO:<b@c.example>\r\n In:  501 what\r\n");
  }

  @Test
  void whoeverIsRefusedOftenDoesNotFillTheDisk() {
    SessionNotices notices = notices(this::post);
    for (int i = 0; i < 50; i++) {
      notices.hear(troubled(Trouble.POLICY));
    }
    assertThat(later).hasSize(20);
    later.forEach(Runnable::run);
    assertThat(posted.getFirst()).contains("\r\n30 more sessions had trouble before this one.\r\n");
    assertThat(posted.get(1)).doesNotContain("more sessions");
    notices.hear(troubled(Trouble.POLICY));
    assertThat(later).hasSize(21);
  }

  @Test
  void aFullDiskKeepsNobodyFromTheNext() {
    SessionNotices notices =
        notices(
            (_, _, _) -> {
              throw new IOException("No space left on device");
            });
    for (int i = 0; i < 30; i++) {
      notices.hear(troubled(Trouble.POLICY));
      later.removeFirst().run();
    }
    assertThat(posted).isEmpty();
  }

  private SessionNotices notices(SessionNotices.Postbox postbox) {
    return new SessionNotices(
        SENDER,
        Address.parse("postmaster@ex.example"),
        Set.of(Trouble.POLICY, Trouble.DATA),
        "mx.ex.example",
        postbox,
        later::add);
  }

  private void post(Address sender, Address recipient, byte[] letter) {
    posted.add(sender + " -> " + recipient + "\n" + new String(letter, StandardCharsets.UTF_8));
  }

  private static SessionEvent.Troubled troubled(Trouble trouble) {
    return new SessionEvent.Troubled(
        Letters.CLIENT,
        Set.of(trouble),
        List.of("In:  RCPT TO:<b@c.example>", "Out: 554 5.7.1 no\u0007"));
  }
}
