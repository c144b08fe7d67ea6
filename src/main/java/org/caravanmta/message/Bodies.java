package org.caravanmta.message;

import java.io.IOException;
import java.io.InputStream;

/// Where stored content is read.
@FunctionalInterface
public interface Bodies {
  /// The bytes of a body, from its first. Reading fails, at the latest at the end, when they are
  /// not the bytes that were stored.
  InputStream open(Content.Stored content) throws IOException;
}
