package org.caravanmta.story;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Clients that take room and bring no mail: some that stay and say nothing more, some that come,
/// talk nonsense and go.
final class Crowd implements AutoCloseable {
  /// What those who stay have said after EHLO when they fall silent.
  private static final List<String> WORDS =
      List.of(
          "",
          "MAIL FROM:<idle@",
          "MAIL FROM:<idle@caravan.test>\r\nRCPT TO:<alice@caravan.test>\r\nDATA\r\n");

  /// And within a message.
  private static final String PART = "Subject: never to be ended\r\n\r\nthis is";

  /// Come at one time, at the most.
  private static final int TOGETHER = 200;

  final LongAdder come = new LongAdder();
  final LongAdder refused = new LongAdder();
  private final List<SocketChannel> staying = new ArrayList<>();
  private final InetSocketAddress address;

  Crowd(int port) {
    address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /// Brings in those who stay, each greeted with 220 before the next comes.
  void stay(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      var channel = SocketChannel.open(address);
      staying.add(channel);
      expect(channel, "220 ");
      if (i % 4 > 0) {
        channel.write(bytes("EHLO idle.example\r\n"));
        expect(channel, "250 ");
        String words = WORDS.get(i % 4 - 1);
        channel.write(bytes(words));
        if (words.endsWith("DATA\r\n")) {
          expect(channel, "354 ");
          channel.write(bytes(PART));
        }
      }
    }
  }

  int staying() {
    return staying.size();
  }

  /// Whether all who stayed are still there: the connection of none has been closed.
  boolean allThere() throws IOException {
    for (SocketChannel channel : staying) {
      channel.configureBlocking(false);
      var rest = ByteBuffer.allocate(4096);
      while (channel.read(rest) > 0) {
        rest.clear();
      }
      if (channel.read(rest) < 0) {
        return false;
      }
    }
    return true;
  }

  /// Lets `perSecond` come and go each second until the result is closed.
  AutoCloseable comeAndGo(int perSecond) {
    var beat = Executors.newSingleThreadScheduledExecutor();
    var room = new Semaphore(TOGETHER);
    var next = new AtomicInteger();
    beat.scheduleAtFixedRate(
        () -> {
          if (room.tryAcquire()) {
            Thread.ofVirtual()
                .start(
                    () -> {
                      comeOnce(next.getAndIncrement());
                      room.release();
                    });
          }
        },
        0,
        TimeUnit.SECONDS.toNanos(1) / perSecond,
        TimeUnit.NANOSECONDS);
    return () -> {
      beat.shutdown();
      room.acquire(TOGETHER);
    };
  }

  private void comeOnce(int number) {
    try (var channel = SocketChannel.open(address)) {
      if (number % 3 > 0) {
        expect(channel, "220 ");
      }
      if (number % 3 > 1) {
        channel.write(bytes("GET / HTTP/1.1\r\n"));
        expect(channel, "221 ");
      }
      come.increment();
    } catch (IOException e) {
      refused.increment();
    }
  }

  /// Reads until a line begins so.
  private static void expect(SocketChannel channel, String start) throws IOException {
    var seen = new StringBuilder();
    var buffer = ByteBuffer.allocate(1024);
    while (!seen.toString().startsWith(start) && seen.indexOf("\n" + start) < 0) {
      if (channel.read(buffer) < 0) {
        throw new IOException("closed after " + seen);
      }
      seen.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
      buffer.clear();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    for (SocketChannel channel : staying) {
      channel.close();
    }
  }
}
