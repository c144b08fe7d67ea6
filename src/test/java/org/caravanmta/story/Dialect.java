package org.caravanmta.story;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/// The side of a content filter in one of the protocols, on one connection.
interface Dialect {
  /// The word in a message that filters are to refuse.
  String VIRUS = "X-EICAR-X";

  /// Reads up to the end of the next message, and answers what is said before it.
  ///
  /// @param old whether it speaks another version
  /// @return the message as it was shown; absent if there is no more
  Optional<String> question(InputStream in, OutputStream out, boolean old) throws IOException;

  /// The answer about a message that it has been shown.
  byte[] answer(String message, boolean refused);

  /// The answer about it has been given, whole.
  default void answered(String message, boolean refused) {}

  /// The answer of one that cannot be asked.
  byte[] wrong();

  /// How an answer begins that has no end.
  byte[] begun();

  /// What comes again and again in an answer that has no end.
  byte[] more();
}
