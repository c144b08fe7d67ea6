package org.caravanmta.smtp.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

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
  private volatile List<String> offered = List.of("PIPELINING", "8BITMIME", "SIZE 0");
  private volatile String greeting = "220 mx.test ESMTP";
  private volatile boolean lmtp;

  private TestServer(String address) throws IOException {
    listener = new ServerSocket(0, 100, InetAddress.ofLiteral(address));
  }

  public static TestServer start() {
    return start("127.0.0.1");
  }

  public static TestServer start(String address) {
    try {
      var server = new TestServer(address);
      Thread.startVirtualThread(server::serve);
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
        connections.incrementAndGet();
        open.add(socket);
        Thread.startVirtualThread(() -> talk(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      new Session(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream()).run();
    } catch (IOException e) {
      // the client has gone, or the script says so
    } finally {
      open.remove(socket);
    }
  }

  private final class Session {
    private final InputStream in;
    private final OutputStream out;
    private String from = "";
    private final List<String> recipients = new ArrayList<>();

    private Session(InputStream in, OutputStream out) {
      this.in = in;
      this.out = out;
    }

    void run() throws IOException {
      say(greeting);
      for (String line = line(); line != null; line = line()) {
        commands.add(line);
        if (line.toUpperCase(Locale.ROOT).startsWith("QUIT")) {
          say("221 2.0.0 Bye");
          return;
        }
        command(line);
      }
    }

    private void command(String line) throws IOException {
      String verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
      String argument =
          line.contains("<") ? line.substring(line.indexOf('<') + 1, line.lastIndexOf('>')) : "";
      switch (verb) {
        case "EHLO", "LHLO" -> say(scripted(line, hello()));
        case "MAIL" -> {
          if (answer(line, "250 2.1.0 Ok")) {
            from = argument;
            recipients.clear();
          }
        }
        case "RCPT" -> {
          if (answer(line, "250 2.1.5 Ok")) {
            recipients.add(argument);
          }
        }
        case "DATA" -> {
          String none = "554 5.5.1 no valid recipients";
          if (answer(line, recipients.isEmpty() ? none : "354 go ahead")) {
            data();
          }
        }
        case "RSET" -> {
          answer(line, "250 2.0.0 Ok");
          recipients.clear();
        }
        default -> answer(line, "250 2.0.0 Ok");
      }
    }

    private void data() throws IOException {
      var message = new ByteArrayOutputStream();
      byte[] line = rawLine();
      while (!new String(line, StandardCharsets.ISO_8859_1).equals(".\r\n")) {
        message.write(line, line[0] == '.' ? 1 : 0, line.length - (line[0] == '.' ? 1 : 0));
        line = rawLine();
        if (line.length == 0) {
          throw new IOException("lost in the data");
        }
      }
      var taken = new Received(from, List.copyOf(recipients), message.toByteArray());
      String usual = "250 2.0.0 Ok: queued as T" + (received.size() + 1);
      var replies = new ArrayList<String>();
      for (int i = 0; i < (lmtp ? recipients.size() : 1); i++) {
        replies.add(scripted(".", usual));
      }
      if (replies.stream().anyMatch(reply -> reply.startsWith("2"))) {
        received.add(taken); // before the client knows
      }
      recipients.clear();
      for (String reply : replies) {
        say(reply);
      }
    }

    private String hello() {
      var lines = new ArrayList<>(List.of("mx.test"));
      lines.addAll(offered);
      var reply = new StringBuilder();
      for (int i = 0; i < lines.size(); i++) {
        reply.append(i == 0 ? "" : "\n").append("250");
        reply.append(i == lines.size() - 1 ? " " : "-").append(lines.get(i));
      }
      return reply.toString();
    }

    private boolean answer(String command, String usual) throws IOException {
      String reply = scripted(command, usual);
      say(reply);
      return reply.startsWith("2") || reply.startsWith("354");
    }

    private String scripted(String command, String usual) {
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

    private void say(String reply) throws IOException {
      if (reply.equals(CLOSE)) {
        throw new IOException("closed by the script");
      }
      if (reply.equals(SILENCE)) {
        while (!Thread.currentThread().isInterrupted()) {
          LockSupport.park();
        }
      }
      out.write((reply.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    private @Nullable String line() throws IOException {
      byte[] raw = rawLine();
      return raw.length == 0 ? null : new String(raw, StandardCharsets.UTF_8).stripTrailing();
    }

    private byte[] rawLine() throws IOException {
      var line = new ByteArrayOutputStream();
      for (int b = in.read(); b >= 0; b = in.read()) {
        line.write(b);
        if (b == '\n') {
          return line.toByteArray();
        }
      }
      if (line.size() > 0) {
        throw new IOException("lost in a line");
      }
      return line.toByteArray();
    }
  }
}
