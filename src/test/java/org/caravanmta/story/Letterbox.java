package org.caravanmta.story;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A mail server at several addresses of one port that takes every message, and keeps for each
/// recipient what arrived and where.
final class Letterbox implements AutoCloseable {
  /// @param at the address it was delivered to, `127.0.0.2`
  /// @param message with CRLF, one character for each byte
  record Letter(String at, String sender, String recipient, String message) {}

  final int port;
  private final List<Letter> letters = new CopyOnWriteArrayList<>();
  private final List<ReceivingServer> servers = new ArrayList<>();

  private Letterbox(int port) {
    this.port = port;
  }

  static Letterbox at(int port, String... addresses) throws IOException {
    var box = new Letterbox(port);
    for (String address : addresses) {
      box.servers.add(
          ReceivingServer.start(address, port, "250-PIPELINING\r\n250 8BITMIME", box::take));
    }
    return box;
  }

  List<Letter> letters() {
    return List.copyOf(letters);
  }

  private String take(ReceivingServer.Message message) {
    for (String recipient : message.recipients()) {
      letters.add(new Letter(message.at(), message.sender(), recipient, message.text()));
    }
    return "250 2.0.0 Ok";
  }

  @Override
  public void close() throws IOException {
    for (ReceivingServer server : servers) {
      server.close();
    }
  }
}
