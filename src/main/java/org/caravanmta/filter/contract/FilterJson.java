package org.caravanmta.filter.contract;

import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// JSON (RFC 8259) as content filters answer with it, which may be anything.
public final class FilterJson {
  /// More values than any answer has: one of a few bytes would take up a lot of memory.
  public static final int MOST_VALUES = 200_000;

  private static final JsonProvider PROVIDER = JsonProvider.provider();

  private FilterJson() {}

  /// Reads all of it.
  ///
  /// @throws IOException if it is not JSON, or deeper or of more values than any answer is
  public static JsonValue read(byte[] bytes) throws IOException {
    try (var parser = PROVIDER.createParser(new ByteArrayInputStream(bytes));
        var reader = PROVIDER.createReader(new ByteArrayInputStream(bytes))) {
      // before any of them is made
      count(parser);
      return reader.readValue();
    } catch (RuntimeException e) {
      // not only JsonException: the reader says by another one that the nesting is too deep
      throw new IOException("an answer that is not JSON: " + e.getMessage(), e);
    }
  }

  private static void count(JsonParser parser) throws IOException {
    int count = 0;
    while (parser.hasNext()) {
      boolean value =
          switch (parser.next()) {
            case START_OBJECT,
                START_ARRAY,
                VALUE_STRING,
                VALUE_NUMBER,
                VALUE_TRUE,
                VALUE_FALSE,
                VALUE_NULL ->
                true;
            case KEY_NAME, END_OBJECT, END_ARRAY -> false;
          };
      if (value && ++count > MOST_VALUES) {
        throw new IOException("an answer with more than " + MOST_VALUES + " values");
      }
    }
  }
}
