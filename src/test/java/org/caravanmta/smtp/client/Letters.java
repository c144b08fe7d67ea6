package org.caravanmta.smtp.client;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
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
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Reverse;

/// Messages for tests.
public final class Letters {
  public static final Instant ARRIVED = Instant.parse("2026-08-25T10:00:00Z");
  public static final Client CLIENT =
      new Client(
          new ClientHost(
              InetAddress.ofLiteral("192.0.2.7"), 4711, "client.example", Reverse.UNASKED, false),
          new Greeting("client.example", "ESMTP"),
          Entrance.by("smtp"));

  private Letters() {}

  /// From joe@far.example, subject and body as short as can be.
  public static Mail to(String... recipients) {
    return letter("Subject: x\r\n", "hello\r\n", recipients);
  }

  public static Mail letter(String headers, String body, String... recipients) {
    List<Recipient> all =
        Arrays.stream(recipients).map(a -> Recipient.of(Address.parse(a))).toList();
    return new Mail(
        Envelope.of(
            "4XyZ12abcdz3k",
            ReversePath.parse("joe@far.example"),
            all,
            CLIENT,
            MailOptions.NONE,
            ARRIVED),
        Headers.parse(headers.getBytes(StandardCharsets.UTF_8)),
        new Content.Inline(body.getBytes(StandardCharsets.UTF_8)));
  }

  public static Mail hopping(Mail mail, String transport, String nextHop) {
    return mail.with(mail.envelope().with(Destination.of(transport, nextHop)));
  }
}
