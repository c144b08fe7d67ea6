package org.caravanmta.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.junit.jupiter.api.Test;

class MailCodecTest {
  private static final Instant ARRIVED = Instant.parse("2026-11-23T10:00:00.123456Z");

  private final MailCodec codec = new MailCodec();

  @Test
  void everythingTravels() throws Exception {
    var waiting =
        new Recipient(
            Address.of("first last", "Example.org"),
            Address.of("sales", "example.org"),
            Optional.of(new Notify(EnumSet.of(Notify.Event.FAILURE, Notify.Event.DELAY))),
            Optional.of("rfc822;sales@example.org"),
            Optional.of(
                new Reason(
                    Status.of("4.4.1"), "connect to mx", Optional.of("mx"), Optional.of("421 x"))));
    var never =
        new Recipient(
            Address.of("b", "example.org"),
            Address.of("b", "example.org"),
            Optional.of(Notify.NEVER),
            Optional.empty(),
            Optional.empty());
    var mail =
        new Mail(
            new Envelope(
                "4XyZ",
                ReversePath.parse("joe@far.example"),
                List.of(waiting, never),
                client(),
                new Parameters(
                    Optional.of(Parameters.Body.EIGHTBITMIME),
                    true,
                    Optional.of(Parameters.Ret.HDRS),
                    Optional.of("QQ314159")),
                ARRIVED,
                new Progress(3, 1, ARRIVED.plusSeconds(60), ARRIVED.plusSeconds(1), true),
                Optional.of(new Hop("smtp", "[192.0.2.1]:25")),
                Optional.of(new Hop("lmtp", "[192.0.2.2]:10025"))),
            Headers.parse("Subject: caf\u00e9\r\n".getBytes(UTF_8)),
            new Content.Stored("4XyZ", 5_000_000_000L, -7));

    Mail read = roundTrip(mail);

    assertThat(read.envelope()).isEqualTo(mail.envelope());
    assertThat(read.headers().bytes()).isEqualTo(mail.headers().bytes());
    assertThat(read.content()).isEqualTo(mail.content());
  }

  @Test
  void whatWasNotSaidStaysUnsaid() throws Exception {
    var mail = plain("body".getBytes(UTF_8));

    Mail read = roundTrip(mail);

    assertThat(read.envelope()).isEqualTo(mail.envelope());
    assertThat(read.reversePath()).isEqualTo(ReversePath.NULL);
    assertThat(read.content())
        .isInstanceOfSatisfying(
            Content.Inline.class,
            inline -> assertThat(inline.bytes()).isEqualTo("body".getBytes(UTF_8)));
  }

  /// In version 2 there was no content filter in an envelope.
  @Test
  void whatTheVersionBeforeHasWrittenIsRead() {
    byte[] now = Wire.encode(codec, plain("body".getBytes(UTF_8)));
    int filter = now.length - ("body".length() + 4 + 1 + 4 + 4) - 1;
    var before = ByteBuffer.allocate(now.length - 1);
    before.put((byte) 2).put(now, 1, filter - 1).put(now, filter + 1, now.length - filter - 5);
    var crc = new CRC32C();
    crc.update(before.array(), 0, before.position());
    before.putInt((int) crc.getValue());

    assertThat(Wire.check(before.array())).isEqualTo(codec.tag());
    assertThat(Wire.decode(codec, before.array()).envelope())
        .isEqualTo(plain(new byte[0]).envelope());
  }

  @Property(tries = 200)
  void aFlippedBitIsFound(@ForAll @IntRange(max = 10_000) int position) throws Exception {
    byte[] encoded = Wire.encode(codec, plain(new byte[100]));
    int bit = position % (encoded.length * 8);
    encoded[bit / 8] ^= (byte) (1 << bit % 8);

    assertThatThrownBy(() -> Wire.check(encoded)).isInstanceOf(Wire.Malformed.class);
  }

  @Test
  void aValueCutShortIsFoundEvenWithARightChecksum() {
    Codec<Mail> shorter =
        new Codec<>() {
          @Override
          public byte tag() {
            return codec.tag();
          }

          @Override
          public Class<Mail> type() {
            return Mail.class;
          }

          @Override
          public void write(Mail mail, Wire.Writer to) {
            to.text(mail.id());
          }

          @Override
          public Mail read(Wire.Reader from) {
            return codec.read(from);
          }
        };

    assertThatThrownBy(() -> Wire.decode(codec, Wire.encode(shorter, plain(new byte[0]))))
        .isInstanceOf(Wire.Malformed.class);
  }

  private Mail roundTrip(Mail mail) {
    byte[] encoded = Wire.encode(codec, mail);
    assertThat(Wire.check(encoded)).isEqualTo(codec.tag());
    return Wire.decode(codec, encoded);
  }

  private static Mail plain(byte[] body) {
    try {
      return new Mail(
          new Envelope(
              "4XyZ",
              ReversePath.NULL,
              List.of(Recipient.of(Address.of("ann", "example.org"))),
              client(),
              Parameters.NONE,
              ARRIVED,
              Progress.at(ARRIVED),
              Optional.empty()),
          Headers.EMPTY,
          new Content.Inline(body));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static Client client() throws UnknownHostException {
    return new Client(
        InetAddress.getByName("2001:db8::7"),
        40000,
        "client.example",
        "helo.example",
        "ESMTP",
        "smtp",
        Optional.of("ann"),
        Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"),
        false,
        Optional.of("PLAIN"),
        Optional.of(new ClientCertificate("D7:04", "2F:00", "client.example", "CA", true)),
        new Reverse("client.example", Reverse.State.VERIFIED));
  }
}
