package org.caravanmta.filter.hooks;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.caravanmta.filter.contract.WireInput;

/// JSON (RFC 8259) of a service, or CBOR read as JSON, which may be anything.
final class HooksJson {
  /// Looked up once: that takes longer than to make most of what is made.
  static final JsonProvider MAKER = JsonProvider.provider();

  private HooksJson() {}

  static JsonObject object(JsonValue value, String what) throws IOException {
    return required(
        value instanceof JsonObject object ? Optional.of(object) : Optional.empty(), what);
  }

  static <T> T required(Optional<T> found, String what) throws IOException {
    return found.orElseThrow(() -> new IOException("an answer without " + what));
  }

  /// A member that is an object; absent if it is anything else.
  static Optional<JsonObject> object(JsonObject of, String name) {
    return of.get(name) instanceof JsonObject object ? Optional.of(object) : Optional.empty();
  }

  /// A member that is a text; absent if it is anything else.
  static Optional<String> text(JsonObject of, String name) {
    return of.get(name) instanceof JsonString text
        ? Optional.of(text.getString())
        : Optional.empty();
  }

  /// A member that is a list of texts; absent if it is anything else.
  static Optional<List<String>> texts(JsonObject of, String name) {
    return of.get(name) instanceof JsonArray all
            && all.stream().allMatch(JsonString.class::isInstance)
        ? Optional.of(all.stream().map(each -> ((JsonString) each).getString()).toList())
        : Optional.empty();
  }

  /// A member that is a whole number of those that a `long` can have; absent if it is anything
  /// else.
  static Optional<Long> number(JsonObject of, String name) {
    return of.get(name) instanceof JsonNumber number
            && number.isIntegral()
            && number.bigIntegerValue().bitLength() < Long.SIZE
        ? Optional.of(number.longValueExact())
        : Optional.empty();
  }

  /// A member that is a time (RFC 3339); absent if there is none.
  ///
  /// @throws IOException if it is anything else
  static Optional<Instant> time(JsonObject of, String name) throws IOException {
    JsonValue value = of.getOrDefault(name, JsonValue.NULL);
    if (JsonValue.NULL.equals(value)) {
      return Optional.empty();
    }
    try {
      if (value instanceof JsonString text) {
        return Optional.of(Instant.parse(text.getString()));
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw new IOException(name + " is not a time: " + WireInput.shown(value.toString()));
  }

  /// A time as services are told of it (RFC 3339, UTC).
  static String text(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
