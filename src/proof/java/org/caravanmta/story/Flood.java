package org.caravanmta.story;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Mail for dead domains, sent as fast as Caravan takes it: several connections, each with one
/// transaction after the other, whose commands go out together (RFC 2920).
final class Flood {
  private final int port;
  private final int messages;
  private final int domains;
  private final int recipients;
  private final AtomicInteger next = new AtomicInteger();
  private final LongAdder taken = new LongAdder();
  private final List<Thread> senders = new ArrayList<>();
  private volatile boolean failed;

  /// @param messages how many recipients in all: each is a message of its own on the queues
  /// @param recipients to a transaction, each at another domain
  Flood(int port, int messages, int domains, int recipients) {
    this.port = port;
    this.messages = messages;
    this.domains = domains;
    this.recipients = recipients;
  }

  Flood start(int connections) {
    for (int i = 0; i < connections; i++) {
      senders.add(Thread.ofVirtual().start(this::send));
    }
    return this;
  }

  /// How many Caravan has answered 250 for.
  long taken() {
    return taken.sum();
  }

  /// Whether all were taken.
  ///
  /// @throws IllegalStateException if a sender has given up
  boolean isOver() {
    if (failed) {
      throw new IllegalStateException("a sender gave up, see above");
    }
    return taken() >= messages;
  }

  private void send() {
    try (var talk = Talk.to(port)) {
      for (int from = start(); from < messages; from = start()) {
        transact(talk, from, Math.min(from + recipients, messages));
      }
      talk.say("QUIT");
    } catch (IOException e) {
      failed = true;
      System.out.println("a sender gives up: " + e);
    }
  }

  private int start() {
    return next.getAndAdd(recipients);
  }

  private void transact(Talk talk, int from, int to) throws IOException {
    var commands = new StringBuilder("MAIL FROM:<load@caravan.test>\r\n");
    for (int i = from; i < to; i++) {
      commands.append("RCPT TO:<u%d@dead%d.example>\r%n".formatted(i, i % domains));
    }
    commands.append("DATA\r\n");
    talk.raw().write(commands.toString().getBytes(StandardCharsets.US_ASCII));
    talk.raw().flush();
    expect("250", talk.reply());
    for (int i = from; i < to; i++) {
      expect("250", talk.reply());
    }
    expect("354", talk.reply());
    expect("250", talk.data(text("backlog-" + from)));
    taken.add(to - from);
  }

  private static void expect(String code, String reply) throws IOException {
    if (!reply.startsWith(code)) {
      throw new IOException("not " + code + ": " + reply);
    }
  }

  /// A small message, known by its field `X-Seq`.
  static byte[] text(String sequence) {
    return ("Subject: x\r\nX-Seq: " + sequence + "\r\n\r\n" + "a line of the text\r\n".repeat(5))
        .getBytes(StandardCharsets.US_ASCII);
  }
}
