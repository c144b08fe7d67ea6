package org.caravanmta.message;

import java.io.IOException;
import java.io.InputStream;

/// Opens stored content for reading (RFC 5322 §2.3).
@FunctionalInterface
public interface Bodies {
  /// The bytes of a body from its start. Reading fails, at the end at the latest, when they are not
  /// the bytes that were stored.
  ///
  /// @throws IOException if the body is not there or cannot be read
  InputStream open(Content.Stored content) throws IOException;
}
