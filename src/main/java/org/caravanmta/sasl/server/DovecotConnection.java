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

/// A connection to Dovecot's auth service, by version 1 of its client protocol. First comes {@link
/// #greet}.
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

  /// Connects, for no longer than `patience`. Only a TCP connection waits: a UNIX-domain socket
  /// connects or fails at once.
  static DovecotConnection open(SocketAddress address, Duration patience) throws IOException {
    return new DovecotConnection(
        address instanceof InetSocketAddress inet
            ? connected(new InetSocketAddress(inet.getHostString(), inet.getPort()), patience)
            : SocketChannel.open(address));
  }

  private static SocketChannel connected(InetSocketAddress address, Duration patience)
      throws IOException {
    SocketChannel socket = SocketChannel.open();
    try {
      socket.socket().connect(address, Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE));
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /// Closes the connection after a time. A channel has no time-out, but a read that waits on it
  /// fails when it is closed.
  void closeAfter(Duration patience) {
    CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
        .execute(this::close);
  }

  /// Exchanges greetings, for no longer than `patience`.
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

  /// Exchanges greetings: we name our process, Dovecot its mechanisms.
  ///
  /// @throws IOException if the connection is lost, or Dovecot speaks another version
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

  /// The mechanisms that Dovecot has announced and we may offer, in its order.
  List<String> mechanisms() {
    return List.copyOf(mechanisms);
  }

  /// Sends a line.
  void send(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      socket.write(bytes);
    }
  }

  /// Reads a line.
  ///
  /// @throws IOException if the connection is closed
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
      // nothing more is expected from it
      return;
    }
  }

  /// Whether a mechanism may be offered. Not offered are those that Dovecot marks as private; those
  /// that name no user (postfix `smtpd_sasl_security_options = noanonymous`); EXTERNAL
  /// (`smtpd_sasl_mechanism_filter = !external`); and those bound to the TLS channel, which Dovecot
  /// does not see.
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
