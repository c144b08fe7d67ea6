package org.caravanmta.delivery.endpoint;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.camel.TypeConversionException;
import org.apache.camel.impl.DefaultCamelContext;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Bodies;
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
import org.caravanmta.message.Reverse;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Case;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What steps get that want bytes or characters and find a message.
class MailTextTest {
  private static final String HEADERS = "Subject: caf\u00e9\r\nX-Folded: a\r\n b\r\n";
  private static final String BODY = "..dots\r\n\r\n\ttail  \r\nno end";

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private Bodies bodies = stored -> new ByteArrayInputStream("stored\r\n".getBytes(UTF_8));

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Test
  void aMessageIsItsTextByteForByte() throws Exception {
    Mail mail = mail(HEADERS.getBytes(UTF_8), new Content.Inline(BODY.getBytes(UTF_8)));
    String text = HEADERS + "\r\n" + BODY;
    assertThat(as(byte[].class, mail)).isEqualTo(text.getBytes(UTF_8));
    assertThat(as(InputStream.class, mail).readAllBytes()).isEqualTo(text.getBytes(UTF_8));
    assertThat(as(ByteBuffer.class, mail)).isEqualTo(ByteBuffer.wrap(text.getBytes(UTF_8)));
    assertThat(as(String.class, mail)).isEqualTo(text);
    var read = new StringWriter();
    as(Reader.class, mail).transferTo(read);
    assertThat(read).hasToString(text);
    assertThat(as(byte[].class, mail)).hasSize((int) mail.size());
  }

  @Test
  void bytesThatAreNoUtf8AreACharacterEach() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    Mail mail = mail(new byte[0], new Content.Inline(all));
    assertThat(as(String.class, mail).getBytes(ISO_8859_1)).endsWith(all);
    assertThat(as(byte[].class, mail)).endsWith(all);
  }

  @Test
  void soIsWhateverTravelsAndIsAboutOne() {
    Mail mail = mail(HEADERS.getBytes(UTF_8), new Content.Stored("ref", 8, 1));
    String text = HEADERS + "\r\nstored\r\n";
    assertThat(as(String.class, mail)).isEqualTo(text);
    assertThat(as(String.class, new Notice(Notice.Action.FAILED, mail))).isEqualTo(text);
    assertThat(as(String.class, new Case.Message(mail))).isEqualTo(text);
    assertThat(as(String.class, new Task("routing", mail))).isEqualTo(text);
  }

  @Test
  void aBodyThatCannotBeReadIsNoShorterMessage() throws Exception {
    bodies =
        _ -> {
          throw new IOException("gone");
        };
    Mail mail = mail(HEADERS.getBytes(UTF_8), new Content.Stored("ref", 8, 1));
    assertThatThrownBy(() -> as(InputStream.class, mail))
        .isInstanceOf(TypeConversionException.class)
        .hasRootCauseMessage("gone");
  }

  private <T> T as(Class<T> type, Object value) {
    MailText.add(camel, stored -> bodies.open(stored));
    return camel.getTypeConverter().convertTo(type, value);
  }

  private static Mail mail(byte[] headers, Content content) {
    Instant arrived = Instant.parse("2026-01-01T12:00:00Z");
    return new Mail(
        Envelope.of(
            "4G1s2zT8kLz0Bc7d",
            ReversePath.of(Address.parse("alice@example.org")),
            List.of(Recipient.of(Address.parse("bob@example.net"))),
            new Client(
                new ClientHost(
                    InetAddress.getLoopbackAddress(), 40_000, "localhost", Reverse.UNASKED, true),
                new Greeting("client.example", "ESMTP"),
                Entrance.by("smtp")),
            MailOptions.NONE,
            arrived),
        Headers.parse(headers),
        content);
  }
}
