package org.caravanmta.story;

import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Much mail over several sessions at once: remembers which messages were answered 250, and what
/// else was answered. A session that breaks connects again; a message whose answer was lost is not
/// sent again, and counts as neither accepted nor refused.
final class Load {
  private static final long RECONNECT_NANOS = 20_000_000;

  final Set<String> accepted = ConcurrentHashMap.newKeySet();

  /// The id that each accepted message has been given.
  final Map<String, String> ids = new ConcurrentHashMap<>();

  final Queue<String> otherReplies = new ConcurrentLinkedQueue<>();
  final Set<String> unanswered = ConcurrentHashMap.newKeySet();
  private final AtomicInteger next = new AtomicInteger();
  private final String name;
  private final String body;
  private volatile boolean ended;
  private Thread[] senders = {};

  Load(String name, int size) {
    this.name = name;
    this.body = ("x".repeat(70) + "\r\n").repeat(Math.max(1, size / 72));
  }

  /// Starts `sessions` senders that go on until {@link #end}, or until `most` messages are sent.
  Load start(int port, int sessions, int most, String to) {
    senders =
        IntStream.range(0, sessions)
            .mapToObj(i -> Thread.ofVirtual().start(() -> run(port, most, to)))
            .toArray(Thread[]::new);
    return this;
  }

  private void run(int port, int most, String to) {
    while (!ended && next.get() < most) {
      try (var talk = Talk.to(port)) {
        while (!ended) {
          int number = next.getAndIncrement();
          if (number >= most) {
            return;
          }
          send(talk, name + "-" + number, to);
        }
      } catch (IOException e) {
        LockSupport.parkNanos(RECONNECT_NANOS);
      }
    }
  }

  private void send(Talk talk, String sequence, String to) throws IOException {
    unanswered.add(sequence);
    String reply =
        talk.send(
            "load@caravan.test",
            to,
            "From: load@caravan.test\r\nSubject: "
                + sequence
                + "\r\nX-Seq: "
                + sequence
                + "\r\n\r\n"
                + body);
    unanswered.remove(sequence);
    if (reply.startsWith("250")) {
      ids.put(sequence, reply.substring(reply.lastIndexOf(' ') + 1));
      accepted.add(sequence);
    } else {
      otherReplies.add(reply);
      talk.say("RSET");
    }
  }

  /// The body of every message.
  String body() {
    return body;
  }

  /// Waits until every sender is done.
  void join() throws InterruptedException {
    for (Thread sender : senders) {
      sender.join();
    }
  }

  void end() throws InterruptedException {
    ended = true;
    join();
  }
}
