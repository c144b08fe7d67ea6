package org.caravanmta.message;

/// What a message is sent for (postfix `sendmail(1)`, `-v` and `-bv`).
public enum Purpose {
  /// To be delivered.
  DELIVERY(""),

  /// To be delivered, and the sender gets a report of the first attempt, whatever its result
  /// (postfix `sendmail -v`).
  WATCHED("watched"),

  /// Not to be delivered: the sender gets a report of whether it could be (postfix `sendmail -bv`).
  VERIFICATION("verification");

  /// What a queue message has in place of {@link Entrance#POSTED}: only posted mail has such a
  /// purpose.
  private final String word;

  Purpose(String word) {
    this.word = word;
  }

  /// The client as a queue message with mail of this purpose has it.
  Client sent(Client client) {
    return this == DELIVERY ? client : client.with(new Entrance(word, client.server()));
  }

  /// The client of a queue message with mail of this purpose.
  Client read(Client client) {
    return this == DELIVERY ? client : client.with(new Entrance(Entrance.POSTED, client.server()));
  }

  /// The purpose of a message.
  ///
  /// @param read the client as the queue message has it
  static Purpose of(Client read) {
    String listener = read.listener();
    return listener.equals(WATCHED.word)
        ? WATCHED
        : listener.equals(VERIFICATION.word) ? VERIFICATION : DELIVERY;
  }
}
