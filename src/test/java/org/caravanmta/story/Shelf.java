package org.caravanmta.story;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// A mail server that keeps every message whole, by its sender.
final class Shelf implements AutoCloseable {
  /// @param recipients in alphabetical order
  /// @param text byte for byte, its dots unstuffed, one char each
  record Kept(String recipients, String text) {}

  final int port;
  final Map<String, Kept> bySender = new ConcurrentHashMap<>();

  private final ServerSocket server;
  private final String extensions;

  private Shelf(ServerSocket server, String extensions) {
    this.server = server;
    this.port = server.getLocalPort();
    this.extensions = extensions;
  }

  /// @param extensions lines of the reply to EHLO, each behind `250-`; the last behind `250 `
  static Shelf start(String extensions) throws IOException {
    var server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    var shelf = new Shelf(server, extensions);
    Thread.ofVirtual().start(shelf::accept);
    return shelf;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted) {
      var in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      reply(out, "220 shelf.example ESMTP");
      String sender = "";
      var recipients = new TreeSet<String>();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        switch (line.strip().split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
          case "EHLO" -> reply(out, "250-shelf.example\r\n" + extensions);
          case "MAIL" -> {
            sender = path(line);
            recipients.clear();
            reply(out, "250 2.1.0 Ok");
          }
          case "RCPT" -> {
            recipients.add(path(line));
            reply(out, "250 2.1.5 Ok");
          }
          case "DATA" -> {
            reply(out, "354 go");
            bySender.put(sender, new Kept(String.join(" ", recipients), text(in)));
            reply(out, "250 2.0.0 Ok");
          }
          case "QUIT" -> {
            reply(out, "221 bye");
            return;
          }
          default -> reply(out, "250 2.0.0 Ok");
        }
      }
    } catch (IOException e) {
      // the client went away: what it had not finished was not taken
    }
  }

  private static String path(String line) {
    return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
  }

  private static String text(InputStream in) throws IOException {
    var text = new StringBuilder();
    for (String line = line(in); !line.equals(".\r\n"); line = line(in)) {
      if (line.isEmpty()) {
        throw new IOException("the message has no end");
      }
      text.append(line.startsWith(".") ? line.substring(1) : line);
    }
    return text.toString();
  }

  private static void reply(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream(100);
    for (int c = in.read(); c >= 0; c = in.read()) {
      line.write(c);
      if (c == '\n') {
        break;
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
