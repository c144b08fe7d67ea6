package org.caravanmta.check;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.caravanmta.config.Size;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.policy.Cases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What of MIME a message has to keep to (postfix `strict_8bitmime`).
class StrictnessTest {
  private static final String HEADER = "550 5.6.0 improper use of 8-bit data in message header";
  private static final String BODY = "550 5.6.0 improper use of 8-bit data in message body";
  private static final String DOMAIN = "550 5.6.0 invalid message/* or multipart/* encoding domain";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Subject: x~                                       | x                      |
          Subject: \u00e4~                                  | x                      | HEADER
          Subject: x~                                       | \u00e4                 | BODY
          Content-Transfer-Encoding: 8bit~                  | \u00e4                 |
          Content-Transfer-Encoding: base64~                | \u00e4                 | BODY
          Content-Type: message/rfc822~                     | X: \u00e4~~x           | HEADER
          Content-Type: multipart/x; boundary=b~            | --b~~x~--b~~\u00e4     | BODY
          Content-Type: multipart/x; boundary=b~Content-Transfer-Encoding: base64~  | --b | DOMAIN
          Content-Type: multipart/x; boundary=b~Content-Transfer-Encoding: 8bit~    | --b |
          """)
  void isRefused(String fields, String body, String refusal) throws IOException {
    Mail mail =
        Cases.mail(Cases.own(), fields.replace("~", "\r\n"), "u@b.org")
            .with(new Content.Inline((body.replace("~", "\r\n") + "\r\n").getBytes(ISO_8859_1)));
    String expected =
        switch (refusal) {
          case "HEADER" -> HEADER;
          case "BODY" -> BODY;
          case "DOMAIN" -> DOMAIN;
          case null, default -> "";
        };

    assertThat(refusal(List.of("headers", "body", "encoding-domain"), mail)).isEqualTo(expected);
    assertThat(refusal(List.of(), mail)).isEmpty();
  }

  @Test
  void moreMultipartsWithinEachOtherThanThereMayBeAreRefused() throws IOException {
    var deep = new StringBuilder();
    for (int i = 1; i <= 3; i++) {
      deep.append("--b").append(i).append("\r\nContent-Type: multipart/x; boundary=b");
      deep.append(i + 1).append("\r\n\r\n");
    }
    Mail mail =
        Cases.mail(Cases.own(), "Content-Type: multipart/x; boundary=b1\r\n", "u@b.org")
            .with(new Content.Inline(deep.toString().getBytes(ISO_8859_1)));
    for (int depth : new int[] {3, 4}) {
      var strictness =
          Strictness.of(
              List.of("nesting"), new Bounds(new Size(0), new Size(102_400), true, depth, 2048));
      assertThat(strictness.refusal(mail, _ -> java.io.InputStream.nullInputStream()).isPresent())
          .isEqualTo(depth == 3);
    }
    assertThat(refusal(List.of("nesting"), mail)).isEmpty();
  }

  private static String refusal(List<String> strict, Mail mail) throws IOException {
    return Strictness.of(strict, Bounds.USUAL)
        .refusal(
            mail,
            stored -> {
              throw new IOException("nothing is stored");
            })
        .map(Object::toString)
        .orElse("");
  }
}
