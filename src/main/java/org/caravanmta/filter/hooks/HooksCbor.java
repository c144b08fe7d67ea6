package org.caravanmta.filter.hooks;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.filter.contract.FilterJson;
import org.jspecify.annotations.Nullable;

/// CBOR (RFC 8949) of a service, which may be anything, as the JSON that it stands for.
final class HooksCbor {
  /// More than any answer has inside one another.
  private static final int DEEPEST = 32;

  /// Where a byte string may be: what the raw message is replaced by.
  private static final String RAW = "/" + HookQuestion.RAW;

  private static final CBORFactory FACTORY =
      CBORFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
          .enable(CBORGenerator.Feature.LENIENT_UTF_ENCODING)
          .build();

  /// The first byte of a byte string, but for its last five bits (RFC 8949 §3.1).
  private static final int BYTE_STRING = 2 << 5;

  /// In those five bits: the length is in the next byte; one more, in the next two; and so on.
  private static final int IN_ONE_BYTE = 24;

  private HooksCbor() {}

  /// Reads one data item, and no more.
  ///
  /// @throws IOException if it is not CBOR, deeper or of more items than any answer is, or with a
  ///   byte string for anything but the raw message
  static JsonValue read(byte[] bytes) throws IOException {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      var reading = new Reading(parser);
      JsonValue read = Reading.text(reading.value(parser.nextToken(), 0));
      if (parser.nextToken() != null) {
        throw new IOException("more than one data item");
      }
      return read;
    } catch (JsonProcessingException e) {
      throw new IOException("an answer that is not CBOR: " + e.getOriginalMessage(), e);
    } catch (IOException | RuntimeException e) {
      // numbers that are none are found out by what would hold them
      throw new IOException("an answer that is not CBOR: " + e.getMessage(), e);
    }
  }

  /// An answer while it is read.
  private static final class Reading {
    private final JsonParser parser;
    private int count;

    Reading(JsonParser parser) {
      this.parser = parser;
    }

    private JsonValue value(@Nullable JsonToken token, int depth) throws IOException {
      if (token == null) {
        throw new IOException("it breaks off");
      }
      if (++count > FilterJson.MOST_VALUES) {
        throw new IOException("more than " + FilterJson.MOST_VALUES + " data items");
      }
      if (depth > DEEPEST) {
        throw new IOException("nested deeper than " + DEEPEST);
      }
      return switch (token) {
        case START_OBJECT -> map(depth);
        case START_ARRAY -> list(depth);
        case VALUE_STRING -> HooksJson.MAKER.createValue(parser.getText());
        case VALUE_NUMBER_INT ->
            parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? HooksJson.MAKER.createValue(parser.getBigIntegerValue())
                : HooksJson.MAKER.createValue(parser.getLongValue());
        case VALUE_NUMBER_FLOAT -> HooksJson.MAKER.createValue(parser.getDecimalValue());
        case VALUE_TRUE -> JsonValue.TRUE;
        case VALUE_FALSE -> JsonValue.FALSE;
        case VALUE_NULL -> JsonValue.NULL;
        case VALUE_EMBEDDED_OBJECT -> new HooksBytes(parser.getBinaryValue());
        case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE ->
            throw new IOException("an item that is out of place");
      };
    }

    private JsonArray list(int depth) throws IOException {
      JsonArrayBuilder list = HooksJson.MAKER.createArrayBuilder();
      JsonToken token = parser.nextToken();
      while (token != JsonToken.END_ARRAY) {
        list.add(text(value(token, depth + 1)));
        token = parser.nextToken();
      }
      return list.build();
    }

    private JsonObject map(int depth) throws IOException {
      JsonObjectBuilder map = HooksJson.MAKER.createObjectBuilder();
      boolean raw = false;
      JsonToken token = parser.nextToken();
      while (token != JsonToken.END_OBJECT) {
        String name = parser.getCurrentName();
        JsonValue value = value(token == null ? null : parser.nextToken(), depth + 1);
        if (value instanceof HooksBytes && name.equals("value")) {
          raw = true;
        } else {
          text(value);
        }
        map.add(name, value);
        token = parser.nextToken();
      }
      JsonObject read = map.build();
      if (raw && !HooksJson.text(read, "path").equals(Optional.of(RAW))) {
        throw new IOException("a byte string for something else than " + RAW);
      }
      return read;
    }

    private static JsonValue text(JsonValue value) throws IOException {
      if (value instanceof HooksBytes) {
        throw new IOException("a byte string where there is none");
      }
      return value;
    }
  }

  /// An object as a map.
  static byte[] write(JsonObject object) {
    return write(object, Optional.empty());
  }

  /// An object as the beginning of a map of which the value of one more key follows.
  static byte[] writeUpTo(JsonObject object, String key) {
    return write(object, Optional.of(key));
  }

  private static byte[] write(JsonObject object, Optional<String> open) {
    var bytes = new ByteArrayOutputStream();
    try (CBORGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject(null, object.size() + (open.isPresent() ? 1 : 0));
      members(out, object);
      if (open.isPresent()) {
        out.writeFieldName(open.get());
      } else {
        out.writeEndObject();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void members(CBORGenerator out, JsonObject object) throws IOException {
    for (Map.Entry<String, JsonValue> member : object.entrySet()) {
      out.writeFieldName(member.getKey());
      write(out, member.getValue());
    }
  }

  private static void write(CBORGenerator out, JsonValue value) throws IOException {
    switch (value) {
      case JsonObject object -> {
        out.writeStartObject(null, object.size());
        members(out, object);
        out.writeEndObject();
      }
      case JsonArray list -> {
        out.writeStartArray(null, list.size());
        for (JsonValue each : list) {
          write(out, each);
        }
        out.writeEndArray();
      }
      case HooksBytes raw -> out.writeBinary(raw.bytes());
      case JsonString text -> out.writeString(text.getString());
      case JsonNumber number when number.isIntegral() -> out.writeNumber(number.longValueExact());
      case JsonNumber number -> out.writeNumber(number.doubleValue());
      default -> {
        if (JsonValue.NULL.equals(value)) {
          out.writeNull();
        } else {
          out.writeBoolean(JsonValue.TRUE.equals(value));
        }
      }
    }
  }

  /// What stands before the bytes of a byte string: how many they are (RFC 8949 §3), as shortly as
  /// that can be said.
  static byte[] headOfBytes(long length) {
    if (length < IN_ONE_BYTE) {
      return new byte[] {(byte) (BYTE_STRING | (int) length)};
    }
    if (length <= 0xFF) {
      return new byte[] {(byte) (BYTE_STRING | IN_ONE_BYTE), (byte) length};
    }
    if (length <= 0xFFFF) {
      return head(1).putShort((short) length).array();
    }
    if (length <= 0xFFFF_FFFFL) {
      return head(2).putInt((int) length).array();
    }
    return head(3).putLong(length).array();
  }

  /// @param power of two of the bytes that the length has
  private static ByteBuffer head(int power) {
    return ByteBuffer.allocate(1 + (1 << power)).put((byte) (BYTE_STRING | IN_ONE_BYTE + power));
  }
}
