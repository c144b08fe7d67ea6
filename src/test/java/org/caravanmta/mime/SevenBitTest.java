package org.caravanmta.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Parts of eight bits for servers of seven (RFC 6152 §3, RFC 2045 §6.7).
class SevenBitTest {
  private static final String MULTIPART =
      "Subject: x\r\n"
          + "Content-Type: multipart/mixed; boundary=b\r\n"
          + "Content-Transfer-Encoding: 8bit\r\n"
          + "\r\n"
          + "preamble\r\n"
          + "--b\r\n"
          + "Content-Type: text/plain\r\n"
          + "Content-Transfer-Encoding:\r\n"
          + " 8bit\r\n"
          + "X-Kept: 1\r\n\r\n"
          + "\u00e4 = \t\r\n"
          + "."
          + "y".repeat(100)
          + "\r\n--b\r\n\r\n7 = \u00e4\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nQQ==\r\n"
          + "--b--\r\nepilogue =\r\n";

  @Test
  void partsThatSaySoBecomeQuotedPrintable() throws IOException {
    assertThat(converted(MULTIPART, 4096))
        .isEqualTo(
            "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n"
                + "Content-Transfer-Encoding: 7bit\r\n"
                + "\r\npreamble\r\n--b\r\nContent-Type: text/plain\r\nX-Kept: 1\r\n"
                + "Content-Transfer-Encoding: quoted-printable\r\n\r\n=E4 =3D =09\r\n."
                + "y".repeat(72)
                + "=\r\n"
                + "y".repeat(28)
                + "\r\n"
                + "--b\r\n\r\n"
                + "7 = \u00e4\r\n"
                + "--b\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n"
                + "QQ==\r\n"
                + "--b--\r\n"
                + "epilogue =\r\n");
  }

  @Test
  void aMessageOfOnePart() throws IOException {
    assertThat(converted("Content-Transfer-Encoding: BINARY (x)\r\n\r\n\u00fc", 3))
        .isEqualTo("Content-Transfer-Encoding: quoted-printable\r\n\r\n=FC");
  }

  /// RFC 2046 §5.2, RFC 3464 §2.1: of these only the label changes, and they have seven bits if
  /// they are what they should be.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "message/partial; id=x; number=1; total=2",
        "MESSAGE/External-Body; access-type=URL",
        "message/delivery-status",
        "message/disposition-notification",
        "message/feedback-report"
      })
  void whatNobodyMayEncodeIsNotEncoded(String type) throws IOException {
    String head = "Content-Type: " + type + "\r\n";
    String body = "\r\nA: \u00e4 =\r\n\r\nB: 1\r\n";
    assertThat(converted(head + "Content-Transfer-Encoding: 8bit\r\n" + body, 9))
        .isEqualTo(head + "Content-Transfer-Encoding: 7bit\r\n" + body);
    assertThat(
            converted(
                "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
                    + "Content-Transfer-Encoding: 8bit\r\n"
                    + head
                    + body
                    + "--b--\r\n",
                4096))
        .isEqualTo(
            "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
                + head
                + "Content-Transfer-Encoding: 7bit\r\n"
                + body
                + "--b--\r\n");
  }

  /// RFC 6532 §3.7, RFC 6533 §6: their fields have eight bits, so that the whole is encoded.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "message/global",
        "message/global-delivery-status",
        "message/global-disposition-notification",
        "Message/Global-Headers"
      })
  void whatHasFieldsBeyondAsciiIsEncodedAsAWhole(String type) throws IOException {
    String part =
        "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\nContent-Type: " + type + "\r\n";
    String more = "--b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
    assertThat(
            converted(
                part
                    + "Content-Transfer-Encoding: 8bit\r\n\r\nA: \u00e4\r\n\r\nB\u00fc\r\n"
                    + more
                    + "\u00e4\r\n--b--\r\n",
                4096))
        .isEqualTo(
            part
                + "Content-Transfer-Encoding: quoted-printable\r\n\r\nA: =E4\r\n\r\nB=FC\r\n"
                + "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=E4\r\n--b--\r\n");
  }

  /// RFC 1847 §2.1: what is signed keeps its bytes, its fields too; what stands beside it does not.
  @Test
  void whatIsSignedKeepsItsBytes() throws IOException {
    String signed =
        "Content-Type: multipart/signed; boundary=s\r\n"
            + "Content-Transfer-Encoding: 8bit\r\n\r\n"
            + "--s\r\n"
            + "Content-Type: multipart/mixed; boundary=t\r\n\r\n"
            + "--t\r\n"
            + "Content-Transfer-Encoding: 8bit\r\n"
            + "X: 1\r\n\r\n"
            + "\u00e4 =\r\n"
            + "--t\r\n"
            + "Content-Type: message/rfc822\r\n\r\n"
            + "Content-Transfer-Encoding: 8bit\r\n\r\n"
            + "\u00f6\r\n"
            + "--t--\r\n"
            + "--s\r\n"
            + "Content-Type: application/pgp-signature\r\n\r\n"
            + "x\r\n"
            + "--s--\r\n";
    String plain = "Content-Transfer-Encoding: 8bit\r\n\r\n\u00fc\r\n";
    String start = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n";

    assertThat(converted(signed, 5)).isEqualTo(signed);
    assertThat(converted(start + signed + "--b\r\n" + plain + "--b--\r\n", 11))
        .isEqualTo(
            start
                + signed
                + "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=FC\r\n--b--\r\n");
  }

  @Property(tries = 50)
  void howItComesDoesNotMatter(@ForAll @IntRange(min = 1, max = 300) int portion)
      throws IOException {
    assertThat(converted(MULTIPART, portion)).isEqualTo(converted(MULTIPART, 4096));
  }

  /// Whatever it says, if it does not say that it is of eight bits.
  @Property(tries = 300)
  void allElseKeepsItsBytes(
      @ForAll("text") String text, @ForAll @IntRange(min = 1, max = 5000) int portion)
      throws IOException {
    assertThat(converted(text, portion)).isEqualTo(text);
  }

  @net.jqwik.api.Provide
  net.jqwik.api.Arbitrary<String> text() {
    return net.jqwik.api.Arbitraries.of(
            "\r\n",
            "\r",
            "\n",
            "Content-Type: multipart/x; boundary=b\r\n",
            "--b",
            "--b--",
            " a: b",
            "x: y\r\n",
            "\u00e4",
            ":",
            "Content-Transfer-Encoding: base64\r\n",
            "z".repeat(4094),
            "=")
        .list()
        .ofMaxSize(25)
        .map(pieces -> String.join("", pieces));
  }

  private static String converted(String message, int portion) throws IOException {
    var out = new ByteArrayOutputStream();
    var converter = new SevenBit(out);
    byte[] bytes = message.getBytes(ISO_8859_1);
    for (int from = 0; from < bytes.length; from += portion) {
      byte[] some = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + portion));
      converter.write(some, some.length);
    }
    converter.finish();
    return out.toString(ISO_8859_1);
  }
}
