package org.caravanmta.story;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Clients of a cluster, each with a list of nodes: it stays with one while that answers, and goes
/// on to the next one with the same mail when it does not. One message in ten is large, one in ten
/// goes to a site that is slow, and one in twenty to one that defers it at first.
final class Clients {
  static final int SMALL = 1 << 10;
  static final int LARGE = 100 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration TO_CONNECT = Duration.ofSeconds(3);
  private static final Duration PAUSE = Duration.ofMillis(300);
  private static final int FOR_EACH_CONNECTION = 10;
  private static final String LINE = "x".repeat(70) + "\r\n";

  /// What came of a message that was offered to a node.
  enum Outcome {
    /// 250 after its end.
    ACCEPTED,
    /// Another reply.
    REFUSED,
    /// No reply, and its end had not been sent.
    BROKEN,
    /// No reply after its end: it may have been accepted.
    UNCERTAIN
  }

  /// One message that was offered to one node.
  ///
  /// @param begun when, by {@link System#nanoTime}
  /// @param reply the last one, or what went wrong
  record Offer(
      String sequence, String node, long begun, long ended, Outcome outcome, String reply) {}

  private final ConcurrentLinkedQueue<Offer> offers = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger count = new AtomicInteger();
  private final String name;
  private final int port;
  private volatile boolean ended;

  /// @param name begins the names of its messages
  Clients(String name, int port) {
    this.name = name;
    this.port = port;
  }

  /// Starts so many that use these nodes, and offer so many messages a second together.
  Clients start(List<String> nodes, int clients, int rate) {
    for (int i = 0; i < clients; i++) {
      var order = new ArrayList<String>();
      for (int j = 0; j < nodes.size(); j++) {
        order.add(nodes.get((i + j) % nodes.size()));
      }
      var pause = Duration.ofNanos(1_000_000_000L * clients / rate);
      threads.add(Thread.ofVirtual().start(() -> new Client(order, pause).run()));
    }
    return this;
  }

  List<Offer> offers() {
    return List.copyOf(offers);
  }

  List<Offer> accepted() {
    return offers.stream().filter(one -> one.outcome() == Outcome.ACCEPTED).toList();
  }

  void end() throws InterruptedException {
    ended = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private final class Client {
    private final List<String> nodes;
    private final Duration pause;
    private @Nullable Talk talk;
    private int left;
    private int turn;

    Client(List<String> nodes, Duration pause) {
      this.nodes = nodes;
      this.pause = pause;
    }

    void run() {
      long due = System.nanoTime() + (long) (Math.random() * pause.toNanos());
      while (!ended) {
        LockSupport.parkNanos(due - System.nanoTime());
        int number = count.getAndIncrement();
        for (int attempt = 0; !ended && !offer(number, attempt); attempt++) {
          turn++;
          LockSupport.parkNanos(PAUSE.toNanos());
        }
        // what was missed is not caught up with
        due = Math.max(due + pause.toNanos(), System.nanoTime());
      }
      hangUp();
    }

    /// Whether it was accepted.
    private boolean offer(int number, int attempt) {
      String sequence = name + "-" + number + "." + attempt;
      String node = nodes.get(turn % nodes.size());
      long begun = System.nanoTime();
      Outcome outcome = Outcome.BROKEN;
      String reply;
      try {
        Talk open = open(node);
        reply = begin(open, recipient(number, sequence));
        if (reply.startsWith("354")) {
          outcome = Outcome.UNCERTAIN;
          reply = open.data(message(sequence, number % 10 == 7 ? LARGE : SMALL));
          outcome = reply.startsWith("250") ? Outcome.ACCEPTED : Outcome.REFUSED;
        } else {
          outcome = Outcome.REFUSED;
        }
      } catch (IOException e) {
        reply = e.toString();
      }
      offers.add(new Offer(sequence, node, begun, System.nanoTime(), outcome, reply));
      if (outcome != Outcome.ACCEPTED) {
        hangUp();
      }
      return outcome == Outcome.ACCEPTED;
    }

    private Talk open(String node) throws IOException {
      Talk open = talk;
      if (open != null && left-- > 0) {
        return open;
      }
      hangUp();
      left = FOR_EACH_CONNECTION;
      open = Talk.at(new InetSocketAddress(node, port), TO_CONNECT, PATIENCE);
      talk = open;
      return open;
    }

    private String begin(Talk open, String to) throws IOException {
      String reply = "";
      for (String command :
          List.of("MAIL FROM:<load@caravan.test>", "RCPT TO:<" + to + ">", "DATA")) {
        reply = open.say(command);
        if (reply.charAt(0) > '3') {
          return reply;
        }
      }
      return reply;
    }

    private void hangUp() {
      try {
        if (talk != null) {
          talk.close();
        }
      } catch (IOException e) {
        // it was broken
      }
      talk = null;
    }
  }

  private static String recipient(int number, String sequence) {
    String site =
        number % 10 == 3
            ? NextHop.SLOW
            : number % 20 == 5 ? NextHop.LATER : "site" + number % 3 + ".example";
    return sequence + "@" + site;
  }

  /// Whether it is not delivered at once.
  static boolean waits(String sequence) {
    String name = sequence.substring(0, sequence.lastIndexOf('.'));
    int number = Integer.parseInt(name.substring(name.lastIndexOf('-') + 1));
    return number % 10 == 3 || number % 20 == 5;
  }

  private static byte[] message(String sequence, int size) {
    byte[] body =
        (sequence + "\r\n" + LINE.repeat(size / LINE.length())).getBytes(StandardCharsets.US_ASCII);
    byte[] head =
        """
        From: load@caravan.test
        Subject: %s
        X-Seq: %s
        X-Sum: %s

        """
            .formatted(sequence, sequence, NextHop.sum(body, 0, body.length))
            .replace("\n", "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }
}
