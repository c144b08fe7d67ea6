package org.caravanmta.bench;

import java.nio.charset.StandardCharsets;

/// What a server is given in one round (RFC 5321 §3.3): so many messages, each of about `size`
/// bytes to `recipients` recipients of one domain, over `sessions` connections at a time, each
/// message over a new connection unless connections are `reused`.
record Load(int messages, int size, int recipients, int sessions, boolean reused) {
  static final String SENDER = "a@bench.test";
  static final String DOMAIN = "elsewhere.example";

  /// The field that tells one message from another.
  static final String NUMBER = "X-Bench: ";

  /// Recipients there are; messages take turns with them.
  static final int PEOPLE = 100;

  private static final long BRIEF_BYTES = 64 << 20;
  private static final int BRIEF_MESSAGES = 5000;

  Load {
    if (messages < 1 || size < 1 || sessions < 1 || recipients < 1 || recipients > PEOPLE) {
      throw new IllegalArgumentException(
          "messages, size and sessions must be positive, recipients between 1 and " + PEOPLE);
    }
  }

  static String recipient(int number) {
    return "joe" + number % PEOPLE + "@" + DOMAIN;
  }

  String recipient(int message, int index) {
    return recipient(message * recipients + index);
  }

  /// The part of every message before its number, and the part after.
  byte[][] parts() {
    byte[] before =
        ("From: <" + SENDER + ">\r\nTo: undisclosed\r\nSubject: bench\r\n" + NUMBER)
            .getBytes(StandardCharsets.US_ASCII);
    var after = new StringBuilder("\r\n\r\n");
    String line = "x".repeat(70) + "\r\n";
    while (after.length() + before.length < size) {
      after.append(line);
    }
    return new byte[][] {
      before, after.append(".\r\n").toString().getBytes(StandardCharsets.US_ASCII)
    };
  }

  /// This load with so few messages that a round of it takes a server some ten seconds at most.
  Load brief() {
    int few = (int) Math.max(12, Math.min(BRIEF_MESSAGES, BRIEF_BYTES / size));
    int slow = Math.min(messages, sessions == 1 ? few / 5 : few);
    int count = Math.max(Math.min(messages, 12), slow / (recipients > 1 ? 2 : 1));
    return new Load(count, size, recipients, Math.min(sessions, count), reused);
  }

  /// What some servers are given together, of which each gets so many messages over as many
  /// sessions as this load has.
  Load toEach(int count, int servers) {
    return new Load(count * servers, size, recipients, sessions * servers, reused);
  }

  @Override
  public String toString() {
    return "%s, %d %s, %d sessions, %s"
        .formatted(
            bytes(size),
            recipients,
            recipients == 1 ? "recipient" : "recipients",
            sessions,
            reused ? "reused connections" : "new connections");
  }

  static String bytes(int size) {
    if (size >= 1 << 20 && size % (1 << 20) == 0) {
      return (size >> 20) + " MiB";
    }
    return size % 1024 == 0 ? size / 1024 + " KiB" : size + " bytes";
  }
}
