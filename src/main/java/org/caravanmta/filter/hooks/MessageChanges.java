package org.caravanmta.filter.hooks;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.caravanmta.address.Ascii;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FieldText;
import org.caravanmta.filter.contract.RemadeMessage;
import org.caravanmta.filter.contract.WireInput;

/// What a service has made of a message, as edits: of its raw form, or else of its header section
/// (draft-degennaro-mta-hooks-01, "Modification Order").
final class MessageChanges {
  private static final String SUBJECT = "subject";

  /// Bytes of a text that fit into an encoded word (RFC 2047 §2: 75 characters).
  private static final int PER_WORD = 45;

  private MessageChanges() {}

  /// @throws IOException if any of it is not understood
  static List<Edit> of(JsonObject before, JsonObject after, Examined message) throws IOException {
    JsonValue raw = after.getOrDefault(HookQuestion.RAW, JsonValue.NULL);
    if (!raw.equals(before.get(HookQuestion.RAW))) {
      return raw(raw, message);
    }
    JsonObject was = HooksJson.object(before.getOrDefault("message", JsonValue.NULL), "a message");
    JsonObject is = HooksJson.object(after.getOrDefault("message", JsonValue.NULL), "a message");
    for (String name : is.keySet()) {
      if (!name.equals("headers") && !name.equals(SUBJECT) && !is.get(name).equals(was.get(name))) {
        throw new IOException("a message with \"" + WireInput.shown(name) + "\" changed");
      }
    }
    var edits = new ArrayList<Edit>();
    if (!(is.getOrDefault("headers", JsonValue.NULL) instanceof JsonArray headers)) {
      throw new IOException("a message without fields");
    }
    if (!headers.equals(was.get("headers"))) {
      edits.addAll(FieldChanges.of(message.mail(), headers));
    }
    JsonValue subject = is.getOrDefault(SUBJECT, JsonValue.NULL);
    if (subject instanceof JsonString text) {
      edits.add(new Edit.ChangeField(1, FieldText.of("Subject", encoded(text.getString()))));
    } else if (!JsonValue.NULL.equals(subject)) {
      throw new IOException("a subject that is not a text");
    }
    return edits;
  }

  private static List<Edit> raw(JsonValue raw, Examined message) throws IOException {
    return RemadeMessage.read(new WireInput(new ByteArrayInputStream(bytes(raw))), message);
  }

  private static byte[] bytes(JsonValue raw) throws IOException {
    return switch (raw) {
      case HooksBytes own -> own.bytes();
      case JsonString text -> {
        try {
          yield Base64.getDecoder().decode(text.getString());
        } catch (IllegalArgumentException e) {
          throw new IOException("a raw message that is not base64: " + e.getMessage(), e);
        }
      }
      default -> throw new IOException("a raw message that is not a text");
    };
  }

  /// A text as a field may have it (RFC 2047 §2).
  private static String encoded(String text) {
    if (Ascii.is(text) && !text.contains("=?")) {
      return text;
    }
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    int length = 0;
    for (int c : text.codePoints().toArray()) {
      String one = Character.toString(c);
      int size = one.getBytes(StandardCharsets.UTF_8).length;
      if (length + size > PER_WORD) {
        words.add(word(word.toString()));
        word.setLength(0);
        length = 0;
      }
      word.append(one);
      length += size;
    }
    words.add(word(word.toString()));
    return String.join("\n ", words);
  }

  private static String word(String text) {
    return "=?utf-8?B?"
        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
        + "?=";
  }
}
