package org.caravanmta.story;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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

/// A content filter as operators run them: takes a message by SMTP, marks it with a field, gives it
/// to another port with the same envelope, and answers what it was answered there.
final class FilterProgram implements AutoCloseable {
  /// One message that it has seen.
  ///
  /// @param from what it was told of the client
  record Seen(String from, String sender, List<String> recipients, String text) {}

  final List<Seen> seen = new CopyOnWriteArrayList<>();

  private final String name;
  private final ServerSocket server;
  private final int back;

  private FilterProgram(String name, ServerSocket server, int back) {
    this.name = name;
    this.server = server;
    this.back = back;
  }

  /// @param name what its field says
  /// @param port where it takes mail
  /// @param back the port it gives it to
  static FilterProgram start(String name, int port, int back) throws IOException {
    var server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    var filter = new FilterProgram(name, server, back);
    Thread.ofVirtual().start(filter::accept);
    return filter;
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
    try (Socket socket = accepted;
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
      OutputStream out = socket.getOutputStream();
      reply(out, "220 filter.example ESMTP");
      String sender = "";
      String from = "";
      var recipients = new ArrayList<String>();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
          case "EHLO" ->
              reply(
                  out,
                  "250-filter.example\r\n"
                      + "250-PIPELINING\r\n"
                      + "250-XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE\r\n"
                      + "250 8BITMIME");
          case "XFORWARD" -> {
            from = line;
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
            reply(out, taken(new Seen(from, sender, List.copyOf(recipients), text(in))));
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

  private String taken(Seen message) throws IOException {
    seen.add(message);
    if (message.text().contains("\r\nX-Virus: yes")) {
      return "554 5.7.1 infected";
    }
    try (var talk = Talk.to(back)) {
      talk.say(message.from());
      talk.say("MAIL FROM:<" + message.sender() + ">");
      for (String recipient : message.recipients()) {
        talk.say("RCPT TO:<" + recipient + ">");
      }
      talk.say("DATA");
      return talk.data(
          ("X-Filtered: " + name + "\r\n" + message.text()).getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static String path(String line) {
    return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
  }

  private static String text(BufferedReader in) throws IOException {
    var text = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      text.append(line).append("\r\n");
    }
    return text.toString();
  }

  private static void reply(OutputStream out, String text) throws IOException {
    out.write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
