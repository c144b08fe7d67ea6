package org.caravanmta.table;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/// A table of a server that answers in lines (postfix `tcp_table(5)`): `tcp:HOST:PORT`. The request
/// is `get KEY`, the reply `200 value`, `500 why` when there is no such key, or `400 why` when the
/// server cannot tell. Spaces, percent signs and bytes that are not ASCII are written as `%20`.
final class TcpTable implements RemoteTable.Asking {
  /// Bytes of the longest reply (postfix `tcp_table(5)`).
  private static final int LONGEST = 4096;

  private final Conversation conversation;

  private TcpTable(Endpoint endpoint) {
    this.conversation = new Conversation(endpoint);
  }

  /// @throws TableProblem if `rest` is not `HOST:PORT`
  static Table open(String name, String rest, InstantSource clock) {
    try {
      return new RemoteTable(name, true, new TcpTable(Endpoint.inet(rest)), clock);
    } catch (IllegalArgumentException e) {
      throw new TableProblem(name, "", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Lookup ask(String key) throws IOException, RemoteTable.Refused {
    return conversation.ask(connection -> turn(connection, "get " + encoded(key) + "\n"));
  }

  private static Lookup turn(Endpoint.Connection connection, String request)
      throws IOException, RemoteTable.Refused {
    connection.out().write(request.getBytes(StandardCharsets.US_ASCII));
    connection.out().flush();
    String reply = line(connection);
    String text = reply.length() > 4 ? decoded(reply.substring(4)) : "";
    return switch (reply.length() < 3 ? reply : reply.substring(0, 3)) {
      case "200" -> new Lookup.Found(text);
      case "500" -> new Lookup.Absent();
      case "400" -> throw new RemoteTable.Refused("it says " + ForeignText.printable(text));
      default -> throw new IOException("unknown reply: " + ForeignText.printable(reply));
    };
  }

  private static String line(Endpoint.Connection connection) throws IOException {
    var bytes = new java.io.ByteArrayOutputStream();
    int c = connection.in().read();
    while (c >= 0 && c != '\n') {
      bytes.write(c);
      if (bytes.size() > LONGEST) {
        throw new IOException("its reply is longer than " + LONGEST);
      }
      c = connection.in().read();
    }
    if (c < 0) {
      throw new EOFException("it closed the connection");
    }
    return bytes.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static String encoded(String key) {
    var text = new StringBuilder(key.length());
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = b > 32 && b < 127 && b != '%';
      text.append(plain ? String.valueOf((char) b) : String.format("%%%02x", b));
    }
    return text.toString();
  }

  private static String decoded(String text) throws IOException {
    byte[] in = text.getBytes(StandardCharsets.UTF_8);
    var out = new java.io.ByteArrayOutputStream(in.length);
    for (int i = 0; i < in.length; i++) {
      if (in[i] != '%') {
        out.write(in[i]);
        continue;
      }
      int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
      int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
      i += 2;
      if (high < 0 || low < 0) {
        throw new IOException(
            "its reply has a % without two digits: " + ForeignText.printable(text));
      }
      out.write(high << 4 | low);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
