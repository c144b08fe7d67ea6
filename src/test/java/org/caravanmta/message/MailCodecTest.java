package org.caravanmta.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailCodecTest {
  private static final Instant ARRIVED = Instant.parse("2026-11-23T10:00:00.123456Z");

  private static final InetSocketAddress SERVER =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.25"), 2525);

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
                    Status.of("4.4.1"), "connect to mx", Optional.of("mx"), Optional.of("421 x"))),
            Set.of("file /srv/archive", "onward joe@far.example"));
    var never =
        new Recipient(
            Address.of("b", "example.org"),
            Address.of("b", "example.org"),
            Optional.of(Notify.NEVER),
            Optional.empty(),
            Optional.empty());
    var mail =
        new Mail(
            Envelope.of(
                    "4XyZ",
                    ReversePath.parse("joe@far.example"),
                    List.of(waiting, never),
                    client(),
                    new MailOptions(
                        Optional.of(MailOptions.Body.EIGHTBITMIME),
                        true,
                        Optional.of(MailOptions.Ret.HDRS),
                        Optional.of("QQ314159")),
                    ARRIVED)
                .with(new Progress(3, 1, ARRIVED.plusSeconds(60), ARRIVED.plusSeconds(1), true))
                .with(Destination.of("smtp", "[192.0.2.1]:25"))
                .through(Optional.of(new NamedTransport("lmtp", "[192.0.2.2]:10025"))),
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

  /// Mail that an older program could hold is written as that program reads it.
  @Test
  void onlyMailThatTheOneBeforeCannotHoldNeedsTheNewestVersion() throws Exception {
    Mail plain = plain("body".getBytes(UTF_8));
    assertThat(Wire.encode(codec, plain)[0]).isEqualTo((byte) 4);
    Mail variable =
        plain.with(plain.envelope().with(plain.envelope().parameters().with(new Verp("-="))));
    assertThat(Wire.encode(codec, variable)[0]).isEqualTo((byte) 5);
    assertThat(roundTrip(variable).envelope()).isEqualTo(variable.envelope());
    Mail secret = plain.with(plain.envelope().with(MailOptions.NONE.withRequireTls()));
    assertThat(Wire.encode(codec, secret)[0]).isEqualTo((byte) 5);
    assertThat(roundTrip(secret).envelope()).isEqualTo(secret.envelope());
    Mail seen = plain.with(plain.envelope().with(plain.envelope().passage().and("clamd inet:a:1")));
    assertThat(Wire.encode(codec, seen)[0]).isEqualTo(Wire.VERSION);
    assertThat(roundTrip(seen).envelope()).isEqualTo(seen.envelope());
  }

  /// In version 2 there was no content filter in an envelope, in version 3 no server address in a
  /// client, and nothing done of a recipient.
  @ParameterizedTest
  @ValueSource(bytes = {2, 3})
  void whatTheVersionsBeforeHaveWrittenIsRead(byte version) {
    byte[] body = "body".getBytes(UTF_8);
    var client = ByteBuffer.allocate(13).put((byte) 1).putInt(4);
    client.put(SERVER.getAddress().getAddress()).putInt(SERVER.getPort());
    byte[] before = without(Wire.encode(codec, plain(body)), client.array());
    byte[] at = client().address().getAddress();
    before = without(before, indexOf(before, at) - 8, 4);
    if (version == 2) {
      int filter = before.length - (body.length + 4 + 1 + 4 + 4) - 1;
      assertThat(before[filter]).as("no content filter").isZero();
      before = without(before, filter, 1);
    }
    before[0] = version;
    var crc = new CRC32C();
    crc.update(before, 0, before.length - 4);
    ByteBuffer.wrap(before).putInt(before.length - 4, (int) crc.getValue());

    assertThat(Wire.check(before)).isEqualTo(codec.tag());
    Envelope read = Wire.decode(codec, before).envelope();
    assertThat(read.client().server()).isEmpty();
    assertThat(read.client().with(new Entrance("smtp", Optional.of(SERVER)))).isEqualTo(client());
    assertThat(read.recipients()).isEqualTo(plain(body).recipients());
    assertThat(read.filter()).isEmpty();
  }

  private static byte[] without(byte[] bytes, byte[] part) {
    return without(bytes, indexOf(bytes, part), part.length);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at <= bytes.length - part.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    throw new AssertionError("it is not there");
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    byte[] less = Arrays.copyOf(bytes, bytes.length - length);
    System.arraycopy(bytes, at + length, less, at, bytes.length - at - length);
    return less;
  }

  @Property(tries = 200)
  void aFlippedBitIsFound(@ForAll @IntRange(max = 10_000) int position) throws Exception {
    byte[] encoded = Wire.encode(codec, plain(new byte[100]));
    int bit = position % (encoded.length * 8);
    encoded[bit / 8] ^= (byte) (1 << bit % 8);

    assertThatThrownBy(() -> Wire.check(encoded)).isInstanceOf(Malformed.class);
  }

  /// Also when the later program's checksum is another; but not what one bit makes of ours.
  @Test
  void whatALaterVersionHasWrittenIsNotDamage() {
    byte[] encoded = Wire.encode(codec, plain(new byte[100]));
    for (int later : new int[] {Wire.VERSION + 1, 8, 9, 120}) {
      encoded[0] = (byte) later;
      assertThatThrownBy(() -> Wire.check(encoded))
          .isInstanceOfSatisfying(
              Malformed.Newer.class, newer -> assertThat(newer.version()).isEqualTo(later));
    }
    for (int flipped : new int[] {14, 12, 68, 1, 2, 3, -124}) {
      encoded[0] = (byte) flipped;
      assertThatThrownBy(() -> Wire.check(encoded)).isExactlyInstanceOf(Malformed.class);
    }
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
          public void write(Mail mail, WireWriter to) {
            to.text(mail.id());
          }

          @Override
          public Mail read(WireReader from) {
            return codec.read(from);
          }
        };

    assertThatThrownBy(() -> Wire.decode(codec, Wire.encode(shorter, plain(new byte[0]))))
        .isInstanceOf(Malformed.class);
  }

  private Mail roundTrip(Mail mail) {
    byte[] encoded = Wire.encode(codec, mail);
    assertThat(Wire.check(encoded)).isEqualTo(codec.tag());
    return Wire.decode(codec, encoded);
  }

  private static Mail plain(byte[] body) {
    return new Mail(
        Envelope.of(
            "4XyZ",
            ReversePath.NULL,
            List.of(Recipient.of(Address.of("ann", "example.org"))),
            client(),
            MailOptions.NONE,
            ARRIVED),
        Headers.EMPTY,
        new Content.Inline(body));
  }

  private static Client client() {
    return new Client(
        new ClientHost(
            InetAddress.ofLiteral("2001:db8::7"),
            40000,
            "client.example",
            new Reverse("client.example", Reverse.State.VERIFIED),
            false),
        new Greeting("helo.example", "ESMTP"),
        Optional.of(
            new ClientTls(
                "TLSv1.3 TLS_AES_256_GCM_SHA384",
                Optional.of(
                    new ClientCertificate("D7:04", "2F:00", "client.example", "CA", true)))),
        Optional.of(new Login("ann", Optional.of("PLAIN"))),
        new Entrance("smtp", Optional.of(SERVER)));
  }
}
