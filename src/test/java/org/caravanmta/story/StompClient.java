package org.caravanmta.story;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// A program at the broker, frame by frame (STOMP 1.2).
final class StompClient implements Closeable {
  private final Socket socket;
  private final InputStream in;

  StompClient(int port, String user, String password) throws IOException {
    socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(60_000);
    in = socket.getInputStream();
    send(
        "CONNECT",
        "accept-version:1.2\nhost:127.0.0.1\nlogin:" + user + "\npasscode:" + password,
        "");
    String connected = receive();
    if (!connected.startsWith("CONNECTED\n")) {
      throw new IOException(connected);
    }
  }

  void subscribe(String queue) throws IOException {
    send(
        "SUBSCRIBE",
        "id:1\ndestination:"
            + queue
            + "\nsubscription-type:ANYCAST\nack:client-individual\nreceipt:s",
        "");
    String receipt = receive();
    if (!receipt.startsWith("RECEIPT\n")) {
      throw new IOException(receipt);
    }
  }

  /// A frame as it came, without its last byte; the body of a question is text.
  String receive() throws IOException {
    var frame = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != 0; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException(frame.toString(StandardCharsets.UTF_8));
      }
      if (octet != '\n' || frame.size() > 0) {
        frame.write(octet);
      }
    }
    return frame.toString(StandardCharsets.UTF_8);
  }

  void answer(String question, String body) throws IOException {
    send(
        "SEND",
        "destination:"
            + header(question, "reply-to")
            + "\ncorrelation-id:"
            + header(question, "correlation-id"),
        body);
    send("ACK", "id:" + header(question, "ack"), "");
  }

  void send(String command, String headers, String body) throws IOException {
    socket
        .getOutputStream()
        .write((command + "\n" + headers + "\n\n" + body + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static String header(String frame, String name) {
    var found = Pattern.compile("(?m)^" + name + ":(.*)$").matcher(frame);
    if (!found.find()) {
      throw new AssertionError(frame);
    }
    return found.group(1).replace("\\c", ":");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
