package org.caravanmta.filter.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.caravanmta.filter.contract.FilterJson;
import org.caravanmta.filter.contract.FilterWeb;
import org.caravanmta.filter.contract.WireInput;

/// How what a service is told and what it answers are written (draft-degennaro-mta-hooks-01,
/// "Serialization").
public enum HooksSerialization {
  /// JSON (RFC 8259): a raw message is a text, in base64.
  JSON("application/json"),
  /// CBOR (RFC 8949): a raw message is a byte string.
  CBOR("application/cbor");

  /// JSON that is a patch (RFC 6902 §6).
  private static final String PATCH = "application/json-patch+json";

  private final ContentType type;

  HooksSerialization(String type) {
    this.type = ContentType.create(type);
  }

  /// What a body is said to be.
  ContentType type() {
    return type;
  }

  /// What an answer has in its body.
  ///
  /// @throws IOException if that is neither JSON nor CBOR, as it says it is
  static JsonValue read(FilterWeb.Answer answer) throws IOException {
    String type = answer.contentType().replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    if (type.equals(CBOR.type.getMimeType())) {
      return HooksCbor.read(answer.body());
    }
    if (!type.equals(JSON.type.getMimeType()) && !type.equals(PATCH)) {
      throw new IOException(
          "an answer of the type \"" + WireInput.shown(type) + "\", not JSON or CBOR");
    }
    return FilterJson.read(answer.body());
  }

  /// All of a body.
  HttpEntity entity(JsonObject object) {
    return new ByteArrayEntity(
        switch (this) {
          case JSON -> object.toString().getBytes(UTF_8);
          case CBOR -> HooksCbor.write(object);
        },
        type);
  }

  /// Its name in registrations and discovery documents.
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<HooksSerialization> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /// Those of a choice, for people.
  static String words(Set<HooksSerialization> these) {
    return these.stream().sorted().map(HooksSerialization::word).collect(joining(" or "));
  }
}
