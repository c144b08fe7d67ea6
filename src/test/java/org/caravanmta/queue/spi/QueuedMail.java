package org.caravanmta.queue.spi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Content;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Reverse;
import org.caravanmta.message.Status;
import org.caravanmta.message.Transport;

/// The mail that is in the {@link Recording}s, as it was put in.
final class QueuedMail {
  static final Instant ARRIVED = Instant.parse("2026-11-23T10:00:00.123456Z");

  static final InetSocketAddress SERVER =
      new InetSocketAddress(InetAddress.ofLiteral("192.0.2.25"), 2525);

  static final ReversePath JOE = ReversePath.parse("joe@far.example");

  /// A stranger in the clear.
  static final Client STRANGER =
      new Client(
          new ClientHost(
              InetAddress.ofLiteral("192.0.2.7"),
              40000,
              "unknown",
              new Reverse("unknown", Reverse.State.ABSENT),
              false),
          new Greeting("helo.example", "SMTP"),
          new Entrance("smtp", Optional.of(SERVER)));

  static final Recipient ANN = Recipient.of(Address.of("ann", "example.org"));

  static final Recipient BOB =
      new Recipient(
          Address.of("bob", "example.org"),
          Address.of("bob", "example.org"),
          Optional.of(new Notify(EnumSet.of(Notify.Event.FAILURE))),
          Optional.empty(),
          Optional.empty());

  static final Recipient FAILED =
      new Recipient(
          Address.of("b", "example.org"),
          Address.of("b", "example.org"),
          Optional.of(Notify.NEVER),
          Optional.empty(),
          Optional.of(
              new Reason(new Status(5, 1, 1), "User unknown", Optional.empty(), Optional.empty())));

  static final Recipient WAITING =
      new Recipient(
          Address.of("first last", "Example.org"),
          Address.of("sales", "example.org"),
          Optional.of(new Notify(EnumSet.of(Notify.Event.SUCCESS, Notify.Event.DELAY))),
          Optional.of("rfc822;sales+40example.org"),
          Optional.of(
              new Reason(
                  new Status(4, 4, 1),
                  "connect to mx.far.example[192.0.2.1]:25: Connection refused",
                  Optional.of("mx.far.example"),
                  Optional.of("421 4.3.2 later"))),
          Set.of("file /srv/archive"));

  private static final Recipient JOERG =
      new Recipient(
          Address.of("jörg", "bücher.example"),
          Address.of("jörg", "xn--bcher-kva.example"),
          Optional.empty(),
          Optional.of("utf-8;j\\x{F6}rg@b\\x{FC}cher.example"),
          Optional.empty());

  private QueuedMail() {}

  /// What is in `mail.txt`.
  static Map<String, Mail> all() {
    var all = new LinkedHashMap<String, Mail>();
    all.put("accepted", accepted());
    all.put("waiting", waiting());
    all.put("internationalized", internationalized());
    all.put("report", report());
    return all;
  }

  private static Mail accepted() {
    var options =
        new MailOptions(
            Optional.of(MailOptions.Body.EIGHTBITMIME),
            false,
            Optional.of(MailOptions.Ret.FULL),
            Optional.of("QQ314159"));
    return mail(
        Envelope.of("4XyZ", JOE, List.of(BOB, ANN), STRANGER, options, ARRIVED),
        "Subject: café\r\nX-Folded: one\r\n two\r\n",
        new Content.Inline("a line\r\n.\r\nÿ".getBytes(UTF_8)));
  }

  static Mail waiting() {
    var options =
        new MailOptions(
            Optional.of(MailOptions.Body.SEVENBIT),
            false,
            Optional.of(MailOptions.Ret.HDRS),
            Optional.empty());
    var progress =
        new Progress(
            3,
            1,
            Instant.parse("2026-11-23T11:30:00.000000789Z"),
            Instant.parse("2026-11-23T10:00:01.123456Z"),
            true);
    return mail(
        Envelope.of("4XyZ", JOE, List.of(WAITING, FAILED), STRANGER, options, ARRIVED)
            .with(progress)
            .with(new Destination.Plain(Transport.SMTP, "far.example"))
            .through(Optional.of(new NamedTransport("lmtp", "[192.0.2.2]:10025"))),
        "Subject: stored\r\n",
        new Content.Stored("4XyZ", 5_000_000_000L, -7));
  }

  private static Mail internationalized() {
    var options =
        new MailOptions(
            Optional.of(MailOptions.Body.BINARYMIME), true, Optional.empty(), Optional.empty());
    return mail(
        Envelope.of(
            "4XyZ",
            ReversePath.parse("pélé@dömain.example"),
            List.of(JOERG),
            STRANGER,
            options,
            ARRIVED),
        "Subject: 日本\r\n",
        new Content.Inline(new byte[] {0, (byte) 255, 10, 13}));
  }

  private static Mail report() {
    var options =
        new MailOptions(
            Optional.of(MailOptions.Body.EIGHTBITMIME), true, Optional.empty(), Optional.empty());
    return mail(
        Envelope.of("4XyZ", ReversePath.NULL, List.of(ANN), here("report"), options, ARRIVED),
        "From: MAILER-DAEMON\r\n",
        new Content.Inline("failed\r\n".getBytes(UTF_8)));
  }

  /// A program of this machine.
  static Client here(String listener) {
    return new Client(
        new ClientHost(
            InetAddress.ofLiteral("127.0.0.1"),
            0,
            "localhost",
            new Reverse("unknown", Reverse.State.UNASKED),
            true),
        new Greeting("", ""),
        new Entrance(listener, Optional.empty()));
  }

  /// From nobody, for Ann.
  static Envelope envelope(Client client) {
    return Envelope.of("4XyZ", ReversePath.NULL, List.of(ANN), client, MailOptions.NONE, ARRIVED);
  }

  static Mail empty(Envelope envelope) {
    return mail(envelope, "", new Content.Inline(new byte[0]));
  }

  private static Mail mail(Envelope envelope, String headers, Content content) {
    return new Mail(envelope, Headers.parse(headers.getBytes(UTF_8)), content);
  }
}
