package org.caravanmta.filter.contract;

import jakarta.json.Json;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// JSON (RFC 8259) as content filters answer with it, which may be anything.
public final class FilterJson {
  private FilterJson() {}

  /// Reads all of it.
  ///
  /// @throws IOException if it is not JSON, or deeper than any answer is
  public static JsonValue read(byte[] bytes) throws IOException {
    try (var reader = Json.createReader(new ByteArrayInputStream(bytes))) {
      return reader.readValue();
    } catch (RuntimeException e) {
      // not only JsonException: the reader says by another one that the nesting is too deep
      throw new IOException("an answer that is not JSON: " + e.getMessage(), e);
    }
  }
}
