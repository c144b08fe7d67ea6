package org.caravanmta.filter.contract;

/// A content filter that looks at whole messages, for any number of threads at a time.
public interface MessageFilter extends AutoCloseable {
  /// What the filter says of a message. It may wait for the filter, but not for ever; a filter that
  /// cannot be asked is {@link Judgement.NoAnswer}, and nothing is thrown.
  FilterAnswer examine(Examined message);

  /// Whether a filter that passes a message takes it over, and so delivers it.
  default boolean takesOver() {
    return false;
  }

  /// A server that has failed again and again, and is left alone for a while, may be tried at once.
  default void revive() {}

  /// Gives up what it keeps between messages.
  @Override
  default void close() {}
}
