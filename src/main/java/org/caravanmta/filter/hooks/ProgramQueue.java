package org.caravanmta.filter.hooks;

import java.io.IOException;
import java.time.Duration;

/// A queue of the broker from which a program takes questions.
public interface ProgramQueue {
  /// Asks whoever takes from it, and waits for the answer.
  ///
  /// @throws IOException if there is none in time
  byte[] ask(byte[] question, Duration patience) throws IOException;
}
