package org.caravanmta.filter.icap;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// An ICAP service that says what a test wants, and keeps what it was shown.
final class ScriptedIcap implements Closeable {
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger questions = new AtomicInteger();
  private final String options;
  private final boolean continues;
  private final String answer;
  private volatile boolean closing;
  private volatile int early;
  private volatile String head = "";
  private volatile String shown = "";

  /// @param options the answer to OPTIONS
  /// @param continues whether it wants to see more than a preview
  /// @param answer the answer about a message; then it closes
  ScriptedIcap(String options, boolean continues, String answer) throws IOException {
    this.options = options;
    this.continues = continues;
    this.answer = answer;
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  /// It closes after its answer to OPTIONS.
  ScriptedIcap closing() {
    closing = true;
    return this;
  }

  /// It gives its answer, and closes, when so many bytes of a body have come.
  ScriptedIcap early(int bytes) {
    early = bytes;
    return this;
  }

  int port() {
    return server.getLocalPort();
  }

  String uri() {
    return "icap://127.0.0.1:" + port() + "/scan";
  }

  /// Of the last message, up to its body.
  String head() {
    return head;
  }

  /// Of the last message.
  String shown() {
    return shown;
  }

  /// How many connections there have been.
  int connections() {
    return open.size();
  }

  /// How often it was asked for OPTIONS.
  int questions() {
    return questions.get();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      String first = section(in);
      if (first.startsWith("OPTIONS ")) {
        questions.incrementAndGet();
        say(socket, options);
        if (closing) {
          return;
        }
        first = section(in);
      }
      var all = new StringBuilder(first);
      int sections = first.contains("res-hdr=") ? 2 : 1;
      for (int i = 0; i < sections; i++) {
        all.append(section(in));
      }
      head = all.toString();
      if (early > 0) {
        in.readNBytes(early);
        say(socket, answer);
        return;
      }
      var body = new StringBuilder();
      boolean whole = chunks(in, body);
      if (first.contains("\r\nPreview:") && !whole && continues) {
        say(socket, "ICAP/1.0 100 Continue\r\n\r\n");
        chunks(in, body);
      }
      shown = body.toString();
      say(socket, answer);
    } catch (IOException e) {
      // the client has given up
    }
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String section(InputStream in) throws IOException {
    var section = new ByteArrayOutputStream();
    while (!section.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      section.write(b);
    }
    return section.toString(StandardCharsets.ISO_8859_1);
  }

  /// @return whether it was said that this is all
  private static boolean chunks(InputStream in, StringBuilder body) throws IOException {
    while (true) {
      String size = line(in);
      int length = Integer.parseInt(size.split(";")[0].strip(), 16);
      body.append(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
      line(in);
      if (length == 0) {
        return size.contains("ieof");
      }
    }
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      line.append((char) b);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
