package org.caravanmta.filter.hooks;

import jakarta.json.JsonObject;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
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
  HttpEntity entity(Subscription wanted) {
    JsonObject part = wanted.part(described);
    if (!part.containsKey(RAW) || message.isEmpty()) {
      return new ByteArrayEntity(part.toString().getBytes(StandardCharsets.UTF_8), Registrar.JSON);
    }
    String whole = part.toString();
    int at = whole.lastIndexOf(AS_IT_IS);
    byte[] before = whole.substring(0, at).getBytes(StandardCharsets.UTF_8);
    byte[] after = whole.substring(at + AS_IT_IS.length()).getBytes(StandardCharsets.UTF_8);
    Examined shown = message.get();
    return new EntityTemplate(
        before.length + coded(shown) + after.length,
        Registrar.JSON,
        null,
        out -> {
          out.write(before);
          try (OutputStream coding = Base64.getEncoder().wrap(new StaysOpen(out))) {
            shown.writeTo(coding);
          }
          out.write(after);
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
