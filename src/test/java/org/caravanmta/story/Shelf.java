package org.caravanmta.story;

import java.io.IOException;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// A mail server that keeps every message whole, by its sender.
final class Shelf implements AutoCloseable {
  /// @param recipients in alphabetical order
  /// @param text byte for byte, its dots unstuffed, one char each
  record Kept(String recipients, String text) {}

  final int port;
  final Map<String, Kept> bySender = new ConcurrentHashMap<>();

  private final ReceivingServer server;

  private Shelf(String extensions) throws IOException {
    this.server = ReceivingServer.start("127.0.0.1", 0, extensions, this::take);
    this.port = server.port();
  }

  /// @param extensions lines of the reply to EHLO, each after `250-`; the last after `250 `
  static Shelf start(String extensions) throws IOException {
    return new Shelf(extensions);
  }

  private String take(ReceivingServer.Message message) {
    bySender.put(
        message.sender(),
        new Kept(String.join(" ", new TreeSet<>(message.recipients())), message.text()));
    return "250 2.0.0 Ok";
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
