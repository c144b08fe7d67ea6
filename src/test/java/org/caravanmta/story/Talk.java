package org.caravanmta.story;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A client's side of an SMTP dialogue, one command and its reply at a time.
public final class Talk implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private Talk(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /// Connects, and has read the greeting and the reply to EHLO.
  public static Talk to(int port) throws IOException {
    return from("127.0.0.1", port);
  }

  /// The same from an address, `127.0.0.9`, which may be that of a stranger.
  public static Talk from(String address, int port) throws IOException {
    var socket =
        new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(address), 0);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    var talk = new Talk(socket);
    talk.reply();
    talk.say("EHLO client.example");
    return talk;
  }

  /// Connects to a server that may be away: neither the connection nor a reply takes longer.
  static Talk at(InetSocketAddress server, Duration toConnect, Duration patience)
      throws IOException {
    var socket = new Socket();
    try {
      socket.connect(server, (int) toConnect.toMillis());
      socket.setSoTimeout((int) patience.toMillis());
      socket.setTcpNoDelay(true);
      var talk = new Talk(socket);
      String greeting = talk.reply();
      if (!greeting.startsWith("220")) {
        throw new IOException("not welcome: " + greeting);
      }
      talk.say("EHLO client.example");
      return talk;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Connects from an address of this host, and has read nothing.
  static Talk silent(String address, int port) throws IOException {
    var socket =
        new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    return new Talk(socket);
  }

  /// Sends a line and returns the last line of the reply.
  public String say(String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    return reply();
  }

  /// Sends a whole message and returns the reply to its end; a refusal on the way is returned at
  /// once.
  public String send(String from, String to, String message) throws IOException {
    for (String command :
        new String[] {"MAIL FROM:<" + from + ">", "RCPT TO:<" + to + ">", "DATA"}) {
      String reply = say(command);
      if (reply.charAt(0) > '3') {
        return reply;
      }
    }
    return data(message.getBytes(StandardCharsets.UTF_8));
  }

  /// Sends content whose lines end in CRLF and hold no leading dot, and its end.
  String data(byte[] message) throws IOException {
    out.write(message);
    out.write(".\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return reply();
  }

  OutputStream raw() {
    return out;
  }

  String reply() throws IOException {
    String line = line();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = line();
    }
    return line;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the server closed the connection after \"" + line + "\"");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
