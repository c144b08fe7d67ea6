package org.caravanmta.message;

/// What a message is sent for.
public enum Purpose {
  DELIVERY(""),

  /// Delivery, and the sender is told what the first attempt comes to, whatever it is (postfix
  /// `sendmail -v`).
  WATCHED("watched"),

  /// Nothing to deliver: the sender wants to know whether it could be (postfix `sendmail -bv`).
  VERIFICATION("verification");

  /// Stands on a queue for {@link Entrance#POSTED}, as only posted mail has such a purpose.
  private final String word;

  Purpose(String word) {
    this.word = word;
  }

  /// The client as it travels with mail of this purpose.
  Client sent(Client client) {
    return this == DELIVERY ? client : client.with(new Entrance(word, client.server()));
  }

  /// The client that has travelled with mail of this purpose.
  Client read(Client client) {
    return this == DELIVERY ? client : client.with(new Entrance(Entrance.POSTED, client.server()));
  }

  /// The purpose of mail that a client travels with.
  static Purpose of(Client read) {
    String listener = read.listener();
    return listener.equals(WATCHED.word)
        ? WATCHED
        : listener.equals(VERIFICATION.word) ? VERIFICATION : DELIVERY;
  }
}
