package org.caravanmta.table;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/// A table of a server that speaks Sendmail's socketmap protocol (postfix `socketmap_table(5)`):
/// `socketmap:inet:HOST:PORT:NAME` or `socketmap:unix:PATH:NAME`. The request is the netstring
/// `NAME KEY`, the reply one of `OK value`, `NOTFOUND `, `TEMP why`, `TIMEOUT why` and `PERM why`.
final class SocketmapTable implements RemoteTable.Asking {
  /// Bytes of the longest reply that Postfix accepts.
  private static final int LONGEST = 100_000;

  private final String map;
  private final Conversation conversation;

  private SocketmapTable(String map, Endpoint endpoint) {
    this.map = map;
    this.conversation = new Conversation(endpoint);
  }

  /// @throws TableProblem if `rest` does not name a server and a table
  static Table open(String name, String rest, InstantSource clock) {
    int last = rest.lastIndexOf(':');
    int first = rest.indexOf(':');
    String kind = first < 0 ? "" : rest.substring(0, first);
    if (last <= first || last == rest.length() - 1) {
      throw expected(name);
    }
    String place = rest.substring(first + 1, last);
    Endpoint endpoint;
    try {
      endpoint =
          switch (kind) {
            case "inet" -> Endpoint.inet(place);
            case "unix" -> new Endpoint.Unix(place);
            default -> throw expected(name);
          };
    } catch (TableProblem e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new TableProblem(name, "", String.valueOf(e.getMessage()));
    }
    return new RemoteTable(
        name, true, new SocketmapTable(rest.substring(last + 1), endpoint), clock);
  }

  @Override
  public Lookup ask(String key) throws IOException, RemoteTable.Refused {
    return conversation.ask(connection -> turn(connection, map + " " + key));
  }

  private static Lookup turn(Endpoint.Connection connection, String request)
      throws IOException, RemoteTable.Refused {
    byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
    var framed = new java.io.ByteArrayOutputStream(bytes.length + 10);
    framed.writeBytes((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    framed.writeBytes(bytes);
    framed.write(',');
    connection.out().write(framed.toByteArray());
    connection.out().flush();
    String reply = netstring(connection);
    int space = reply.indexOf(' ');
    String word = space < 0 ? reply : reply.substring(0, space);
    String text = space < 0 ? "" : reply.substring(space + 1);
    return switch (word) {
      case "OK" -> new Lookup.Found(text);
      case "NOTFOUND" -> new Lookup.Absent();
      case "TEMP", "TIMEOUT", "PERM" ->
          throw new RemoteTable.Refused("it says " + ForeignText.printable(reply));
      default -> throw new IOException("unknown reply: " + ForeignText.printable(reply));
    };
  }

  private static String netstring(Endpoint.Connection connection) throws IOException {
    int length = 0;
    int digits = 0;
    int c = connection.in().read();
    while (c >= '0' && c <= '9' && digits < 6) {
      length = length * 10 + c - '0';
      digits++;
      c = connection.in().read();
    }
    if (c < 0) {
      throw new EOFException("it closed the connection");
    }
    if (c != ':' || digits == 0 || length > LONGEST) {
      throw new IOException("it does not answer with a netstring");
    }
    byte[] bytes = connection.in().readNBytes(length);
    if (bytes.length < length || connection.in().read() != ',') {
      throw new IOException("its answer is cut short");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static TableProblem expected(String name) {
    return new TableProblem(
        name, "", "expected socketmap:inet:HOST:PORT:NAME or socketmap:unix:PATH:NAME");
  }
}
