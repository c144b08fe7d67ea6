package org.caravanmta.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The client of the benchmark: sends a {@link Load} command by command, as smtp-source does, and
/// writes into the {@link Ledger} when each message was ended and answered. What is answered 4yz is
/// sent again. Of several servers each has as many sessions, and gets what it can take.
final class Generator {
  private static final byte[] HELLO = ascii("EHLO client.bench.test\r\n");
  private static final byte[] DATA = ascii("DATA\r\n");
  private static final byte[] QUIT = ascii("QUIT\r\n");
  private static final byte[] RESET = ascii("RSET\r\n");
  private static final int HEADERS = 4096;
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final Loop loop;
  private final List<InetSocketAddress> servers;
  private final Load load;
  private final Ledger ledger;
  private final byte[] before;
  private final byte[] after;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch sessions;

  /// Sessions that wait for their greeting; touched by the loop only.
  private final Set<Session> ungreeted = new HashSet<>();

  Generator(Loop loop, List<Integer> ports, Load load, Ledger ledger) {
    this.loop = loop;
    this.servers = ports.stream().map(port -> new InetSocketAddress("127.0.0.1", port)).toList();
    this.load = load;
    this.ledger = ledger;
    byte[][] parts = load.parts();
    this.before = parts[0];
    this.after = parts[1];
    this.sessions = new CountDownLatch(load.sessions());
  }

  /// Begins; {@link #await} waits for the end.
  void start() {
    for (int i = 0; i < load.sessions(); i++) {
      InetSocketAddress server = servers.get(i % servers.size());
      loop.ask(() -> another(server));
    }
  }

  void await() throws InterruptedException {
    while (!sessions.await(1, TimeUnit.SECONDS)) {
      loop.ask(this::giveUpUngreeted);
    }
  }

  /// A server whose queue of connections was full may have forgotten one that its client believes
  /// to be open; such a one is closed, and the message sent over another.
  private void giveUpUngreeted() {
    long now = System.nanoTime();
    for (Session session : List.copyOf(ungreeted)) {
      if (now - session.since > PATIENCE.toNanos()) {
        ledger.refused();
        session.close();
      }
    }
  }

  /// The next message over a new connection, or the end of this session.
  private void another(InetSocketAddress server) {
    int message = next.getAndIncrement();
    if (message >= load.messages()) {
      sessions.countDown();
    } else {
      loop.connect(server, new Session(server, message));
    }
  }

  private enum Expected {
    GREETING,
    HELLO,
    MAIL,
    RCPT,
    GO_AHEAD,
    VERDICT,
    RESET,
    GOODBYE
  }

  private final class Session extends Loop.Line {
    private final byte[] line = new byte[1024];
    private final InetSocketAddress server;
    private int length;
    private int message;
    private int named;
    private final long since = System.nanoTime();
    private Expected expected = Expected.GREETING;

    Session(InetSocketAddress server, int message) {
      this.server = server;
      this.message = message;
      ungreeted.add(this);
    }

    @Override
    void read(ByteBuffer bytes) throws IOException {
      while (bytes.hasRemaining()) {
        byte octet = bytes.get();
        if (octet != '\n') {
          line[Math.min(length++, line.length - 1)] = octet;
          continue;
        }
        boolean last = length < 4 || line[3] != '-';
        length = 0;
        if (last) {
          replied(line[0] - '0');
        }
      }
    }

    private void replied(int kind) throws IOException {
      ungreeted.remove(this);
      if (kind > 3 && expected != Expected.GOODBYE) {
        ledger.refused();
        if (expected == Expected.GREETING || expected == Expected.RESET) {
          close();
        } else {
          say(RESET, Expected.RESET);
        }
        return;
      }
      switch (expected) {
        case GREETING -> say(HELLO, Expected.HELLO);
        case HELLO, RESET -> begin();
        case MAIL, RCPT -> {
          if (named < load.recipients()) {
            say(ascii("RCPT TO:<" + load.recipient(message, named++) + ">\r\n"), Expected.RCPT);
          } else {
            say(DATA, Expected.GO_AHEAD);
          }
        }
        case GO_AHEAD -> content();
        case VERDICT -> {
          ledger.answered(message);
          message = -1;
          if (load.reused()) {
            message = next.getAndIncrement();
          }
          if (message >= 0 && message < load.messages()) {
            begin();
          } else {
            say(QUIT, Expected.GOODBYE);
          }
        }
        case GOODBYE -> close();
      }
    }

    private void begin() throws IOException {
      named = 0;
      say(ascii("MAIL FROM:<" + Load.SENDER + ">\r\n"), Expected.MAIL);
    }

    private void content() throws IOException {
      byte[] number = ascii(Integer.toString(ledger.base() + message));
      expected = Expected.VERDICT;
      if (after.length <= HEADERS * 4) {
        var whole = ByteBuffer.allocate(before.length + number.length + after.length);
        write(whole.put(before).put(number).put(after).flip());
      } else {
        write(ByteBuffer.allocate(HEADERS).put(before).put(number).flip());
        write(ByteBuffer.wrap(after));
      }
      ledger.ended(message);
    }

    private void say(byte[] command, Expected then) throws IOException {
      expected = then;
      write(ByteBuffer.wrap(command));
    }

    @Override
    void ended() {
      ungreeted.remove(this);
      if (expected == Expected.GOODBYE) {
        another(server);
      } else {
        // cut off or refused: the same message again
        loop.ask(() -> loop.connect(server, new Session(server, message)));
      }
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
