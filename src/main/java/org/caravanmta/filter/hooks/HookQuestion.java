package org.caravanmta.filter.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.JsonObject;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;
import java.util.Optional;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.EntityTemplate;
import org.caravanmta.filter.contract.Examined;

/// What a service is asked (draft-degennaro-mta-hooks-02, "Hook Request").
///
/// @param described all that can be said, with {@link #AS_IT_IS} for the raw message if there is
///   one
/// @param message the raw message; absent if the service is not to see one
record HookQuestion(HooksStage stage, JsonObject described, Optional<Examined> message) {
  static final String RAW = "rawMessage";

  /// What stands for the raw message while changes are looked for; it is not base64.
  static final String AS_IT_IS = "(as it is)";

  private static final int PER_GROUP = 3;
  private static final int PER_CODED_GROUP = 4;

  /// How many bytes the message has in base64 (RFC 4648 §4).
  static long coded(Examined message) {
    return (message.mail().size() + PER_GROUP - 1) / PER_GROUP * PER_CODED_GROUP;
  }

  /// The part of it that a service wants; the raw message is read from the store as it is sent.
  HttpEntity entity(Subscription wanted, HooksSerialization serialization) {
    JsonObject part = wanted.part(described);
    Optional<Examined> shown = part.containsKey(RAW) ? message : Optional.empty();
    if (shown.isEmpty()) {
      return serialization.entity(part);
    }
    return switch (serialization) {
      case JSON -> json(part, shown.get());
      case CBOR -> cbor(part, shown.get());
    };
  }

  private static HttpEntity json(JsonObject part, Examined raw) {
    String whole = part.toString();
    int at = whole.lastIndexOf(AS_IT_IS);
    byte[] before = whole.substring(0, at).getBytes(UTF_8);
    byte[] after = whole.substring(at + AS_IT_IS.length()).getBytes(UTF_8);
    return new EntityTemplate(
        before.length + coded(raw) + after.length,
        HooksSerialization.JSON.type(),
        null,
        out -> {
          out.write(before);
          try (OutputStream coding = Base64.getEncoder().wrap(new StaysOpen(out))) {
            raw.writeTo(coding);
          }
          out.write(after);
        });
  }

  /// With the raw message as a byte string (RFC 8949 §3.1), which comes last.
  private static HttpEntity cbor(JsonObject part, Examined raw) {
    JsonObject others = HooksJson.MAKER.createObjectBuilder(part).remove(RAW).build();
    byte[] before = HooksCbor.writeUpTo(others, RAW);
    byte[] head = HooksCbor.headOfBytes(raw.mail().size());
    return new EntityTemplate(
        before.length + head.length + raw.mail().size(),
        HooksSerialization.CBOR.type(),
        null,
        out -> {
          out.write(before);
          out.write(head);
          raw.writeTo(out);
        });
  }

  private static final class StaysOpen extends FilterOutputStream {
    StaysOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
