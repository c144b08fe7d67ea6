package org.caravanmta.queue.spi;

import java.util.Optional;
import java.util.function.Supplier;

/// A message on a queue of the broker in this process, or one that has left it.
///
/// @param number the broker's name for it, as long as it is on that queue
/// @param id that of the mail; absent where it is not mail
/// @param content the reference of its stored content
/// @param frame what it is; read only when it is wanted
public record Placed(
    long number, Optional<String> id, Optional<String> content, Supplier<Frame> frame) {
  public static Placed of(long number, Frame frame) {
    return new Placed(
        number,
        Optional.ofNullable((String) frame.properties().get(Frame.ID)),
        frame.content(),
        () -> frame);
  }
}
