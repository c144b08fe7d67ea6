package org.caravanmta.reception;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The client's end of a connection, byte by byte as the test says.
public final class Peer implements AutoCloseable {
  private static final String CLOSED = "(closed)";

  private final Socket socket;
  private final InputStream in;

  public Peer(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setTcpNoDelay(true);
      // no test waits for this unless it fails
      socket.setSoTimeout(60_000);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends text in UTF-8, without adding anything.
  public Peer send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  Peer send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends our side of the connection, and goes on reading.
  public Peer finish() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Breaks the connection off (RST).
  public void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The codes of all replies up to the end of the connection, which has to be in good order.
  public List<String> rest() {
    var codes = new ArrayList<String>();
    for (String reply = reply(); !reply.equals(CLOSED); reply = reply()) {
      codes.add(reply.substring(0, 3));
    }
    return codes;
  }

  /// The next line of a reply, or `(closed)`.
  public String line() {
    try {
      var line = new StringBuilder();
      for (int b = in.read(); b >= 0; b = in.read()) {
        line.append((char) b);
        if (b == '\n') {
          return line.toString().strip();
        }
      }
      return line + CLOSED;
    } catch (IOException e) {
      return CLOSED + " " + e;
    }
  }

  /// Sends a line and takes the last line of its reply.
  public String ask(String line) {
    send(line + "\r\n");
    return reply();
  }

  /// The last line of the next reply.
  public String reply() {
    String line = line();
    while (line.length() > 3 && line.charAt(3) == '-') {
      line = line();
    }
    return line;
  }

  /// Greets and says whom the message is from and for, up to the 354.
  public Peer begin(String recipient) {
    String greeting = reply();
    if (!greeting.startsWith("220 ")) {
      throw new IllegalStateException(greeting);
    }
    ask("EHLO client.example");
    ask("MAIL FROM:<alice@example.net>");
    ask("RCPT TO:<" + recipient + ">");
    String goAhead = ask("DATA");
    if (!goAhead.startsWith("354 ")) {
      throw new IllegalStateException(goAhead);
    }
    return this;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
