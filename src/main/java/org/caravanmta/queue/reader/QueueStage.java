package org.caravanmta.queue.reader;

import java.util.List;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Received;

/// What a queue feeds, as one call for each message.
public interface QueueStage {
  /// Takes the message through the stage. Never fails: what the stage could not do leaves the
  /// message on `dead`, and what only a newer program can read stays on its queue.
  Outcome pass(Received received);

  /// Sets a message aside that is taken again and again and never settled.
  Outcome givenUp(Received received, String why);

  /// The stage's answer to a question, encoded.
  ///
  /// @throws Unanswerable if the stage broke on it, or its answer cannot travel
  byte[] answer(byte[] question) throws Unanswerable;

  /// What a taken message, or several taken as one, have turned into.
  ///
  /// @param taken how many messages have
  /// @param released the references of stored contents that nothing that is sent carries on
  record Outcome(int taken, List<Frame> frames, List<String> released) {}

  /// A question that the stage has no answer to.
  final class Unanswerable extends Exception {
    private static final long serialVersionUID = 1L;

    public Unanswerable(Throwable cause) {
      super(String.valueOf(cause), cause);
    }
  }
}
