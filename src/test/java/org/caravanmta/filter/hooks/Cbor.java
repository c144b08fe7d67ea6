package org.caravanmta.filter.hooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;

/// CBOR (RFC 8949) on the side of a service, which has another reader and writer of it than the
/// mail server.
final class Cbor {
  static final String TYPE = "application/cbor";
  private static final ObjectMapper MAPPER = new CBORMapper();

  private Cbor() {}

  /// What JSON says, with the values of `/rawMessage` as byte strings of their characters.
  static byte[] of(String json) {
    try {
      JsonNode all = new ObjectMapper().readTree(json);
      bytes(all);
      return MAPPER.writeValueAsBytes(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void bytes(JsonNode node) {
    switch (node) {
      case ArrayNode list -> list.forEach(Cbor::bytes);
      case ObjectNode object -> {
        if (object.path("path").asText().equals("/rawMessage")
            && object.path("value").isTextual()) {
          object.put("value", object.get("value").asText().getBytes(ISO_8859_1));
        }
        object.forEach(Cbor::bytes);
      }
      default -> {
        // it has nothing in it
      }
    }
  }

  static ScriptedService.Answer answer(int code, String json) {
    return new ScriptedService.Answer(code, TYPE, of(json));
  }

  /// An object, where byte strings are texts in base64; that a raw message is one is checked.
  static JsonObject read(byte[] bytes) {
    try {
      JsonNode all = MAPPER.readTree(bytes);
      JsonNode raw = all.path("rawMessage");
      if (!raw.isMissingNode() && !raw.isBinary()) {
        throw new IllegalStateException("a raw message that is not a byte string");
      }
      try (var reader = Json.createReader(new StringReader(all.toString()))) {
        return reader.readObject();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
