package org.caravanmta.smtp.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.Ports;

/// A real SMTP or LMTP server for tests, on a loopback port. It takes every message and keeps its
/// bytes; a script says what it answers otherwise.
///
/// ```java
/// try (var server = TestServer.start().offering("PIPELINING").on("RCPT TO:<bob", "550 5.1.1 no bob")) {
/// ```
public final class TestServer implements AutoCloseable {
  /// In the place of a reply: the connection is closed.
  public static final String CLOSE = "CLOSE";

  /// In the place of a reply: nothing more is said or read on this connection.
  public static final String SILENCE = "SILENCE";

  /// One message that was taken.
  ///
  /// @param from between `<` and `>`
  /// @param recipients those that were accepted
  /// @param bytes without the stuffed dots and the end of data
  public record Received(String from, List<String> recipients, byte[] bytes) {
    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private final ServerSocket listener;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Deque<String>> script = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<InetAddress> callers = ConcurrentHashMap.newKeySet();
  private final Thread accepting = Thread.ofVirtual().unstarted(this::serve);
  private volatile List<String> offered = List.of("PIPELINING", "8BITMIME", "SIZE 0");
  private volatile String greeting = "220 mx.test ESMTP";
  private volatile boolean lmtp;

  private TestServer(InetSocketAddress address) throws IOException {
    listener = new ServerSocket(address.getPort(), 100, address.getAddress());
  }

  public static TestServer start() {
    try {
      // not one that the system gives to others once it is closed
      return start(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Ports.free()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// On this address; any free port for port 0.
  public static TestServer start(InetSocketAddress address) {
    try {
      var server = new TestServer(address);
      server.accepting.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TestServer lmtp() {
    lmtp = true;
    return this;
  }

  /// The extensions in the reply to EHLO; those of the start are PIPELINING, 8BITMIME and SIZE.
  public TestServer offering(String... extensions) {
    offered = List.of(extensions);
    return this;
  }

  public TestServer greeting(String line) {
    greeting = line;
    return this;
  }

  /// From now on, commands that start with `command`, without regard to case, are answered with the
  /// next of these replies; the last one stays. The end of data is the command `.`; of two that
  /// fit, the longer one counts. A reply may have several lines, with LF between them.
  public TestServer on(String command, String... replies) {
    script.put(command.toUpperCase(Locale.ROOT), new ConcurrentLinkedDeque<>(List.of(replies)));
    return this;
  }

  public int port() {
    return listener.getLocalPort();
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /// As a next hop: `[127.0.0.1]:PORT`.
  public String nextHop() {
    return "[" + listener.getInetAddress().getHostAddress() + "]:" + port();
  }

  public List<Received> received() {
    return List.copyOf(received);
  }

  /// Every command line of every connection, in the order of their coming.
  public List<String> commands() {
    return List.copyOf(commands);
  }

  /// Where the connections came from.
  public Set<InetAddress> callers() {
    return Set.copyOf(callers);
  }

  public int connections() {
    return connections.get();
  }

  /// Connections that are open now.
  public int open() {
    return open.size();
  }

  /// Closes the connections that are open, and goes on listening.
  public void disconnect() {
    open.forEach(TestServer::quietly);
  }

  @Override
  public void close() {
    quietly(listener);
    disconnect();
    try {
      accepting.join(); // from here on, connections are refused
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void quietly(Closeable closed) {
    try {
      closed.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        connections.incrementAndGet();
        callers.add(socket.getInetAddress());
        open.add(socket);
        Thread.startVirtualThread(() -> talk(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      new TestSession(this, socket).run();
    } catch (IOException e) {
      // the client has gone, or the script says so
    } finally {
      open.remove(socket);
    }
  }

  /// What the script answers to a command; `usual` if it says nothing of it.
  String scripted(String command, String usual) {
    String upper = command.toUpperCase(Locale.ROOT);
    Deque<String> replies = null;
    int longest = -1;
    for (var entry : script.entrySet()) {
      if (upper.startsWith(entry.getKey()) && entry.getKey().length() > longest) {
        replies = entry.getValue();
        longest = entry.getKey().length();
      }
    }
    if (replies == null) {
      return usual;
    }
    synchronized (replies) {
      return replies.size() > 1 ? replies.removeFirst() : replies.getFirst();
    }
  }

  /// The lines of the reply to EHLO.
  List<String> hello() {
    var lines = new ArrayList<>(List.of("mx.test"));
    lines.addAll(offered);
    return lines;
  }

  String greeting() {
    return greeting;
  }

  boolean speaksLmtp() {
    return lmtp;
  }

  void heard(String command) {
    commands.add(command);
  }

  void took(Received message) {
    received.add(message);
  }
}
