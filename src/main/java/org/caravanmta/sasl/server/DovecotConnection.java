package org.caravanmta.sasl.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A connection to Dovecot's auth service, by version 1 of its client protocol, on which both have
/// said who they are.
final class DovecotConnection implements AutoCloseable {
  private final SocketChannel socket;
  private final BufferedReader in;
  private final List<String> mechanisms = new ArrayList<>();

  private DovecotConnection(SocketChannel socket) {
    this.socket = socket;
    this.in =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(socket), StandardCharsets.UTF_8));
  }

  static DovecotConnection open(SocketAddress address) throws IOException {
    SocketChannel socket =
        address instanceof InetSocketAddress inet
            ? SocketChannel.open(new InetSocketAddress(inet.getHostString(), inet.getPort()))
            : SocketChannel.open(address);
    return new DovecotConnection(socket);
  }

  /// Ends it after a time. A channel has no time-out, but whoever waits on a closed one hears of
  /// it.
  void closeAfter(Duration patience) {
    CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::close);
  }

  /// Says who we are and hears who Dovecot is, in this time.
  void greetWithin(Duration patience) throws IOException {
    var greeted = new AtomicBoolean();
    CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!greeted.get()) {
                close();
              }
            });
    greet();
    greeted.set(true);
  }

  /// Says who we are and hears who Dovecot is.
  void greet() throws IOException {
    send("VERSION\t1\t1\nCPID\t" + ProcessHandle.current().pid());
    for (String line = read(); !line.equals("DONE"); line = read()) {
      if (line.startsWith("VERSION\t") && !line.startsWith("VERSION\t1\t")) {
        throw new IOException("it speaks a protocol that is not known here: " + line);
      }
      String[] words = line.split("\t", -1);
      if (words[0].equals("MECH") && words.length > 1 && mayBeOffered(words)) {
        mechanisms.add(words[1]);
      }
    }
  }

  /// The mechanisms that it has for clients of ours, in its order.
  List<String> mechanisms() {
    return List.copyOf(mechanisms);
  }

  void send(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
  }

  String read() throws IOException {
    String line = in.readLine();
    if (line == null) {
      throw new IOException("it has closed the connection");
    }
    return line;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is of no use any more
      return;
    }
  }

  /// Neither those that Dovecot keeps to itself, nor those that name nobody (Postfix:
  /// smtpd_sasl_security_options = noanonymous) or take what only the socket knows
  /// (smtpd_sasl_mechanism_filter = !external), nor those bound to a channel, which Dovecot does
  /// not see.
  private static boolean mayBeOffered(String[] words) {
    List<String> properties = List.of(words).subList(2, words.length);
    String name = words[1];
    return name.matches("[A-Z0-9_-]{1,20}")
        && !properties.contains("private")
        && !properties.contains("anonymous")
        && !name.equals("EXTERNAL")
        && !name.equals("ANONYMOUS")
        && !name.endsWith("-PLUS");
  }
}
