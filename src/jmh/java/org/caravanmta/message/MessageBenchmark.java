package org.caravanmta.message;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// A header section of ten fields, and a message of 4 KiB as it travels through a queue.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {
  private static final Instant ARRIVED = Instant.parse("2026-01-01T12:00:00Z");
  private static final byte[] SECTION =
      """
      Received: from client.example (client.example [192.0.2.1])
      \tby mx.caravan.test (Caravan) with ESMTP id 4G1s2zT8kLz0Bc7d
      \tfor <bob@example.net>; Thu, 1 Jan 2026 12:00:00 +0000
      From: Alice Example <alice@example.org>
      To: Bob <bob@example.net>, "Carol, C." <carol@example.net>
      Cc: list@example.com
      Subject: =?utf-8?q?a_letter_of_some_length?= and the rest of its subject
      Date: Thu, 1 Jan 2026 12:00:00 +0000
      Message-ID: <20260101120000.1234@client.example>
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: 8bit
      """
          .replace("\n", "\r\n")
          .getBytes(StandardCharsets.UTF_8);

  private final MailCodec codec = new MailCodec();
  private final Mail mail =
      new Mail(
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
              ARRIVED),
          Headers.parse(SECTION),
          new Content.Inline(new byte[4096]));
  private final byte[] encoded = Wire.encode(codec, mail);

  @Benchmark
  public Headers parseHeaders() {
    return Headers.parse(SECTION);
  }

  @Benchmark
  public byte[] encode() {
    return Wire.encode(codec, mail);
  }

  @Benchmark
  public Mail decode() {
    Wire.check(encoded);
    return Wire.decode(codec, encoded);
  }
}
