package org.caravanmta.story;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.caravanmta.Acceptor;

/// The mail server that the nodes of a cluster send everything to: writes down what came when, and
/// from which node. It answers at leisure; mail for `slow.example` a second later, and it defers
/// the first attempt of each message for `later.example`.
final class NextHop implements AutoCloseable {
  static final String SLOW = "slow.example";
  static final String LATER = "later.example";

  private static final Duration LEISURE = Duration.ofMillis(20);
  private static final Duration SLOWNESS = Duration.ofSeconds(1);
  private static final Pattern SEQUENCE = Pattern.compile("(?m)^X-Seq: (\\S+)\r?$");
  private static final Pattern SUM = Pattern.compile("(?m)^X-Sum: (\\S+)\r?$");

  /// One message that came.
  ///
  /// @param from the address of the node
  /// @param begun when its MAIL came, by {@link System#nanoTime}
  /// @param taken when it was there, just before it was answered 250
  /// @param intact whether its body is as it was sent
  record Arrival(String sequence, String from, long begun, long taken, boolean intact) {}

  private final Set<String> deferred = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Arrival> arrivals = new ConcurrentLinkedQueue<>();

  /// What was taken, and how many times.
  private final ConcurrentHashMap<String, AtomicInteger> taken = new ConcurrentHashMap<>();

  private final ServerSocket server;

  private NextHop(ServerSocket server) {
    this.server = server;
  }

  static NextHop start(InetSocketAddress at) throws IOException {
    var server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(at, 200);
    var hop = new NextHop(server);
    Acceptor.start(server, hop::serve);
    return hop;
  }

  List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  boolean has(String sequence) {
    return taken.containsKey(sequence);
  }

  /// Forgets what came: a new round.
  void clear() {
    arrivals.clear();
    taken.clear();
    deferred.clear();
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted) {
      socket.setTcpNoDelay(true);
      new Session(socket).run();
    } catch (IOException e) {
      // the node went away: what it had not finished was not taken
    }
  }

  private final class Session {
    private final String from;
    private final InputStream in;
    private final OutputStream out;
    private long begun;
    private int recipients;
    private boolean slow;

    Session(Socket socket) throws IOException {
      from = socket.getInetAddress().getHostAddress();
      in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
      out = socket.getOutputStream();
    }

    void run() throws IOException {
      reply("220 hop.example ESMTP");
      for (String line = text(); !line.isEmpty(); line = text()) {
        switch (line.substring(0, Math.min(4, line.length())).toUpperCase(Locale.ROOT)) {
          case "EHLO" -> reply("250-hop.example\r\n250-PIPELINING\r\n250 8BITMIME");
          case "MAIL" -> {
            begun = System.nanoTime();
            slow = false;
            recipients = 0;
            reply("250 2.1.0 Ok");
          }
          case "RCPT" -> reply(recipient(line));
          case "DATA" -> data();
          case "QUIT" -> {
            reply("221 bye");
            return;
          }
          default -> reply("250 2.0.0 Ok");
        }
      }
    }

    private String recipient(String line) {
      slow |= line.contains("@" + SLOW);
      // each recipient has one message
      if (line.contains("@" + LATER) && deferred.add(line)) {
        return "451 4.2.1 not yet";
      }
      recipients++;
      return "250 2.1.5 Ok";
    }

    private void data() throws IOException {
      // commands come several at once
      if (recipients == 0) {
        reply("554 5.5.1 no valid recipients");
        return;
      }
      reply("354 go");
      byte[] message = message();
      LockSupport.parkNanos((slow ? SLOWNESS : LEISURE).toNanos());
      take(message);
      reply("250 2.0.0 Ok");
    }

    private void take(byte[] message) {
      String text = new String(message, StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n") + 4;
      String head = text.substring(0, end);
      var sequence = SEQUENCE.matcher(head);
      var sum = SUM.matcher(head);
      if (sequence.find()) {
        String name = sequence.group(1);
        boolean intact = sum.find() && sum.group(1).equals(sum(message, end, message.length - end));
        arrivals.add(new Arrival(name, from, begun, System.nanoTime(), intact));
        taken.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
      }
    }

    private byte[] message() throws IOException {
      var message = new ByteArrayOutputStream();
      while (true) {
        byte[] line = line();
        if (line.length == 0) {
          throw new IOException("the message has no end");
        }
        if (line[0] == '.') {
          if (line.length == 3) {
            return message.toByteArray();
          }
          message.write(line, 1, line.length - 1);
        } else {
          message.write(line, 0, line.length);
        }
      }
    }

    private String text() throws IOException {
      return new String(line(), StandardCharsets.UTF_8).strip();
    }

    private byte[] line() throws IOException {
      var line = new ByteArrayOutputStream(100);
      for (int c = in.read(); c >= 0; c = in.read()) {
        line.write(c);
        if (c == '\n') {
          break;
        }
      }
      return line.toByteArray();
    }

    private void reply(String text) throws IOException {
      out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }

  /// What is said of a body in the field `X-Sum`.
  static String sum(byte[] bytes, int from, int length) {
    var crc = new CRC32();
    crc.update(bytes, from, length);
    return Long.toHexString(crc.getValue());
  }

  /// Messages that came more than once.
  List<List<Arrival>> doubled() {
    var several = new ArrayList<List<Arrival>>();
    taken.forEach(
        (sequence, times) -> {
          if (times.get() > 1) {
            several.add(arrivals.stream().filter(one -> one.sequence().equals(sequence)).toList());
          }
        });
    return several;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
