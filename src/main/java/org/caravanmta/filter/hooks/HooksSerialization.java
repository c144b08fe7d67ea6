package org.caravanmta.filter.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import jakarta.json.JsonObject;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/// How what a service is told and what it answers are written (draft-degennaro-mta-hooks-01,
/// "Serialization").
public enum HooksSerialization {
  /// JSON (RFC 8259): a raw message is a text, in base64.
  JSON("application/json"),
  /// CBOR (RFC 8949): a raw message is a byte string.
  CBOR("application/cbor");

  private final ContentType type;

  HooksSerialization(String type) {
    this.type = ContentType.create(type);
  }

  /// What a body is said to be.
  ContentType type() {
    return type;
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
