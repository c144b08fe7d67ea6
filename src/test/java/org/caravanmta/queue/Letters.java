package org.caravanmta.queue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
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
import org.caravanmta.message.Progress;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Reverse;

/// Mail to put on queues.
public final class Letters {
  public static final Instant ARRIVED = Instant.parse("2026-01-01T12:00:00Z");

  private Letters() {}

  public static Mail letter(String id) {
    return new Mail(
        Envelope.of(
            id,
            ReversePath.of(Address.parse("alice@example.org")),
            List.of(Recipient.of(Address.parse("bob@example.net"))),
            new Client(
                new ClientHost(
                    InetAddress.getLoopbackAddress(), 40_000, "localhost", Reverse.UNASKED, true),
                new Greeting("client.example", "ESMTP"),
                Entrance.by("smtp")),
            MailOptions.NONE,
            ARRIVED),
        Headers.parse("Subject: a letter\r\n".getBytes(StandardCharsets.UTF_8)),
        new Content.Inline("Hello.\r\n".getBytes(StandardCharsets.UTF_8)));
  }

  public static List<Mail> letters(int count) {
    return IntStream.range(0, count).mapToObj(n -> letter("letter" + n)).toList();
  }

  public static Mail stored(String id, String ref) {
    return letter(id).with(new Content.Stored(ref, 100_000, 1));
  }

  public static Mail due(String id, Instant queued, Instant due) {
    var letter = letter(id);
    return letter.with(letter.envelope().with(new Progress(1, 0, due, queued)));
  }

  /// What kill -9 would leave of a broker's directory at this moment.
  public static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }
}
