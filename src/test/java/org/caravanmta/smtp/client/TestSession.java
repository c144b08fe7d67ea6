package org.caravanmta.smtp.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One connection of a {@link TestServer}.
final class TestSession {
  private final TestServer server;
  private final InputStream in;
  private final OutputStream out;
  private String from = "";
  private final List<String> recipients = new ArrayList<>();

  TestSession(TestServer server, Socket socket) throws IOException {
    this.server = server;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  void run() throws IOException {
    say(server.greeting());
    for (String line = line(); line != null; line = line()) {
      server.heard(line);
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
      case "EHLO", "LHLO" -> say(server.scripted(line, hello()));
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
      case "BDAT" -> {
        String[] words = line.split(" ");
        byte[] chunk = in.readNBytes(Integer.parseInt(words[1]));
        server.took(new TestServer.Received(from, List.copyOf(recipients), chunk));
        answer(line, "250 2.0.0 Ok: queued as T" + server.received().size());
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
    byte[] line = dataLine();
    while (!new String(line, StandardCharsets.ISO_8859_1).equals(".\r\n")) {
      message.write(line, line[0] == '.' ? 1 : 0, line.length - (line[0] == '.' ? 1 : 0));
      line = dataLine();
    }
    var taken = new TestServer.Received(from, List.copyOf(recipients), message.toByteArray());
    String usual = "250 2.0.0 Ok: queued as T" + (server.received().size() + 1);
    var replies = new ArrayList<String>();
    for (int i = 0; i < (server.speaksLmtp() ? recipients.size() : 1); i++) {
      replies.add(server.scripted(".", usual));
    }
    if (replies.stream().anyMatch(reply -> reply.startsWith("2"))) {
      server.took(taken); // before the client knows
    }
    recipients.clear();
    for (String reply : replies) {
      say(reply);
    }
  }

  private byte[] dataLine() throws IOException {
    byte[] line = rawLine();
    if (line.length == 0) {
      throw new IOException("lost in the data");
    }
    return line;
  }

  private String hello() {
    var lines = server.hello();
    var reply = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      reply.append(i == 0 ? "" : "\n").append("250");
      reply.append(i == lines.size() - 1 ? " " : "-").append(lines.get(i));
    }
    return reply.toString();
  }

  private boolean answer(String command, String usual) throws IOException {
    String reply = server.scripted(command, usual);
    say(reply);
    return reply.startsWith("2") || reply.startsWith("354");
  }

  private void say(String reply) throws IOException {
    if (reply.equals(TestServer.CLOSE)) {
      throw new IOException("closed by the script");
    }
    if (reply.equals(TestServer.SILENCE)) {
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
