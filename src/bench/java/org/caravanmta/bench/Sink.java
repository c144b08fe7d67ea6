package org.caravanmta.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/// The next hop of the benchmark: takes every message, and writes into the {@link Ledger} of the
/// round which one it was and for how many recipients.
final class Sink implements AutoCloseable {
  private static final byte[] GREETING = ascii("220 sink.bench.test ESMTP\r\n");
  private static final byte[] HELLO =
      ascii("250-sink.bench.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n");
  private static final byte[] OK = ascii("250 2.0.0 Ok\r\n");
  private static final byte[] GO_AHEAD = ascii("354 go\r\n");
  private static final byte[] GOODBYE = ascii("221 bye\r\n");
  private static final byte[] END = ascii("\r\n.\r\n");
  private static final byte[] NUMBER = ascii("\n" + Load.NUMBER);
  private static final int BACKLOG = 1000;

  /// Room for the end of data and a QUIT that is sent along with it.
  private static final int TAIL = 64;

  private final ServerSocketChannel server;
  private final LongAdder messages = new LongAdder();
  private volatile Ledger ledger;

  Sink(Loop loop, int port, Ledger ledger) throws IOException {
    this.ledger = ledger;
    server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress("127.0.0.1", port), BACKLOG);
    loop.listen(server, Session::new);
  }

  int port() throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  /// Messages taken since the start, with a number or without.
  long messages() {
    return messages.sum();
  }

  /// What comes from now on is of another round.
  void count(Ledger next) {
    ledger = next;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private final class Session extends Loop.Line {
    private final byte[] line = new byte[8];
    private int length;
    private int recipients;
    private boolean inData;

    /// Bytes of {@link #END} and of {@link #NUMBER} seen so far.
    private int end;

    private int field;
    private int number;
    private ByteBuffer replies = ByteBuffer.allocate(1024);

    @Override
    void connected() {
      try {
        write(ByteBuffer.wrap(GREETING));
      } catch (IOException e) {
        close();
      }
    }

    @Override
    void read(ByteBuffer bytes) throws IOException {
      replies = ByteBuffer.allocate(4096);
      boolean quit = false;
      while (bytes.hasRemaining() && !quit) {
        if (inData) {
          data(bytes);
        } else {
          quit = command(bytes.get());
        }
      }
      write(replies.flip());
      if (quit) {
        close();
      }
    }

    private boolean command(byte octet) {
      if (octet != '\n') {
        if (length < line.length) {
          line[length] = octet;
        }
        length++;
        return false;
      }
      length = 0;
      switch (line[0] & ~0x20) {
        case 'E', 'H' -> reply(HELLO);
        case 'M' -> {
          recipients = 0;
          reply(OK);
        }
        case 'R' -> {
          recipients += (line[1] & ~0x20) == 'C' ? 1 : 0;
          reply(OK);
        }
        case 'D' -> {
          inData = true;
          end = 2;
          field = 0;
          number = 0;
          reply(GO_AHEAD);
        }
        case 'Q' -> {
          reply(GOODBYE);
          return true;
        }
        default -> reply(OK);
      }
      return false;
    }

    private void data(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        if (field > NUMBER.length && bytes.remaining() > TAIL) {
          // the server waits for our reply: the end is near the end of what it has sent
          bytes.position(bytes.limit() - TAIL);
          end = 0;
        }
        byte octet = bytes.get();
        end = octet == END[end] ? end + 1 : octet == '\r' ? 1 : 0;
        if (field < NUMBER.length) {
          field = octet == NUMBER[field] ? field + 1 : octet == '\n' ? 1 : 0;
        } else if (octet >= '0' && octet <= '9' && field == NUMBER.length) {
          number = number * 10 + octet - '0';
        } else {
          field = Integer.MAX_VALUE;
        }
        if (end == END.length) {
          inData = false;
          messages.increment();
          ledger.arrived(number, recipients);
          reply(OK);
          return;
        }
      }
    }

    private void reply(byte[] text) {
      replies.put(text);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
