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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// A mail server at several addresses of one port that takes every message, and keeps for each
/// recipient what arrived and where.
final class Letterbox implements AutoCloseable {
  /// @param at the address it was delivered to, `127.0.0.2`
  /// @param message with CRLF, one character for each byte
  record Letter(String at, String sender, String recipient, String message) {}

  final int port;
  private final List<Letter> letters = new CopyOnWriteArrayList<>();
  private final List<ServerSocket> servers;

  private Letterbox(int port, List<ServerSocket> servers) {
    this.port = port;
    this.servers = servers;
  }

  static Letterbox at(int port, String... addresses) throws IOException {
    var servers = new ArrayList<ServerSocket>();
    for (String address : addresses) {
      var server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getByName(address), port), 100);
      servers.add(server);
    }
    var box = new Letterbox(port, servers);
    servers.forEach(server -> Thread.ofVirtual().start(() -> box.accept(server)));
    return box;
  }

  List<Letter> letters() {
    return List.copyOf(letters);
  }

  private void accept(ServerSocket server) {
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
      reply(out, "220 letterbox.example ESMTP");
      String sender = "";
      var recipients = new ArrayList<String>();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        switch (line.strip().split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
          case "EHLO" -> reply(out, "250-letterbox.example\r\n250-PIPELINING\r\n250 8BITMIME");
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
            String message = message(in);
            String at = socket.getLocalAddress().getHostAddress();
            for (String recipient : recipients) {
              letters.add(new Letter(at, sender, recipient, message));
            }
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
    return line.substring(line.indexOf('<') + 1, line.lastIndexOf('>'));
  }

  private static void reply(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String message(InputStream in) throws IOException {
    var message = new StringBuilder();
    for (String line = line(in); !line.equals(".\r\n"); line = line(in)) {
      if (line.isEmpty()) {
        throw new IOException("the message has no end");
      }
      message.append(line.startsWith(".") ? line.substring(1) : line);
    }
    return message.toString();
  }

  /// With its end; empty at the end of all.
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
    for (ServerSocket server : servers) {
      server.close();
    }
  }
}
