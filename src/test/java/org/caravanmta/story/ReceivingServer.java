package org.caravanmta.story;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.caravanmta.Acceptor;

/// The other side of SMTP in a test: takes every connection and every recipient, and gives each
/// message to who decides about it.
final class ReceivingServer implements AutoCloseable {
  /// A message after its DATA.
  ///
  /// @param at the address it was delivered to, `127.0.0.2`
  /// @param client the line by which it was told of the client (XFORWARD), or nothing
  /// @param text byte for byte, its dots unstuffed, one char each
  record Message(String at, String client, String sender, List<String> recipients, String text) {}

  /// Decides about a message.
  @FunctionalInterface
  interface Taker {
    /// The reply to the end of the data.
    String take(Message message) throws IOException;
  }

  private final ServerSocket server;
  private final String extensions;
  private final Taker taker;

  private ReceivingServer(ServerSocket server, String extensions, Taker taker) {
    this.server = server;
    this.extensions = extensions;
    this.taker = taker;
  }

  /// @param port 0 for any
  /// @param extensions lines of the reply to EHLO, each after `250-`; the last after `250 `
  static ReceivingServer start(String address, int port, String extensions, Taker taker)
      throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByName(address), port), 200);
    var server = new ReceivingServer(socket, extensions, taker);
    Acceptor.start(socket, server::serve);
    return server;
  }

  int port() {
    return server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted) {
      var in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      reply(out, "220 receiving.example ESMTP");
      String at = socket.getLocalAddress().getHostAddress();
      String client = "";
      String sender = "";
      var recipients = new ArrayList<String>();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        switch (line.strip().split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
          case "EHLO" -> reply(out, "250-receiving.example\r\n" + extensions);
          case "XFORWARD" -> {
            client = line.strip();
            reply(out, "250 2.0.0 Ok");
          }
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
            reply(
                out,
                taker.take(new Message(at, client, sender, List.copyOf(recipients), text(in))));
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
}
