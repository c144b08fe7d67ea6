package org.caravanmta.filter.hooks;

import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonPatchBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.FilterWeb;
import org.caravanmta.filter.contract.WireInput;

/// What a service has made of what it was told: by a JSON Patch (RFC 6902), all of which is done or
/// nothing, or by the operations of draft-degennaro-mta-hooks-01, of which those are skipped whose
/// place is not there.
///
/// @param result what it was told, with the changes
/// @param skipped operations that were not done
record HooksPatch(JsonObject result, List<String> skipped) {
  /// More than any service changes: one that is out of its mind must not take all our time.
  private static final int MOST = 1000;

  private static final String ELEMENT = "/(?:message/headers|envelope/to)/";
  private static final Pattern IN_A_LIST = Pattern.compile(ELEMENT + "(?:\\d{1,9}|-)");

  /// Below these nothing is changed as a whole, so that no value gets out of hand by being copied.
  private static final Pattern INBOUND =
      Pattern.compile(
          "/action|/response(?:/[^/]+)?|/rawMessage|/message/subject|/message/headers"
              + "|/envelope/from(?:/.+)?|/envelope/to|"
              + ELEMENT
              + "[^/]+(?:/.+)?");

  private static final Pattern OUTBOUND =
      Pattern.compile(
          "/action|/rawMessage|/message|/message/subject|/message/headers|"
              + ELEMENT
              + "[^/]+(?:/.+)?");

  /// What may be replaced although it was not told.
  private static final String SUBJECT = "/message/subject";

  HooksPatch {
    skipped = List.copyOf(skipped);
  }

  /// @throws IOException if any part of it is not understood, or may not be done
  static HooksPatch of(FilterWeb.Answer said, HookQuestion question) throws IOException {
    if (said.code() == 204) {
      return new HooksPatch(question.described(), List.of());
    }
    var work = new Work(question.described(), question.stage().isInbound() ? INBOUND : OUTBOUND);
    switch (HooksSerialization.read(said)) {
      case JsonArray patch -> work.patch(patch);
      case JsonObject operations -> work.operations(operations);
      default -> throw new IOException("an answer that is neither a list nor an object");
    }
    return new HooksPatch(work.result, work.skipped);
  }

  /// The answer while it is worked through.
  private static final class Work {
    private final Pattern places;
    private final List<String> skipped = new ArrayList<>();
    private JsonObject result;
    private int count;

    Work(JsonObject described, Pattern places) {
      this.result = described;
      this.places = places;
    }

    void patch(JsonArray patch) throws IOException {
      for (JsonValue each : patch) {
        JsonObject operation = HooksJson.object(each, "an operation");
        String op = HooksJson.required(HooksJson.text(operation, "op"), "an op");
        String path = HooksJson.required(HooksJson.text(operation, "path"), "a path");
        JsonPatchBuilder builder = HooksJson.MAKER.createPatchBuilder();
        switch (op) {
          case "add" -> builder.add(place(path), value(operation));
          case "replace" -> replace(builder, place(path), value(operation));
          case "remove" -> builder.remove(place(path));
          case "test" -> builder.test(path, value(operation));
          case "move" -> builder.move(listed(path), listed(from(operation)));
          case "copy" -> builder.copy(listed(path), listed(from(operation)));
          default ->
              throw new IOException("the operation \"" + WireInput.shown(op) + "\" is not known");
        }
        apply(builder, op, path);
      }
    }

    private static void replace(JsonPatchBuilder builder, String path, JsonValue value) {
      if (path.equals(SUBJECT)) {
        builder.add(path, value);
      } else {
        builder.replace(path, value);
      }
    }

    private static String from(JsonObject operation) throws IOException {
      return HooksJson.required(HooksJson.text(operation, "from"), "a from");
    }

    private static JsonValue value(JsonObject operation) throws IOException {
      return HooksJson.required(Optional.ofNullable(operation.get("value")), "a value");
    }

    /// First all that is set, then what is added, then what is deleted.
    void operations(JsonObject operations) throws IOException {
      for (String name : operations.keySet()) {
        if (!List.of("set", "add", "delete").contains(name)) {
          throw new IOException("an answer with \"" + WireInput.shown(name) + "\"");
        }
      }
      for (JsonObject each : operations(operations, "set")) {
        String path = path(each);
        JsonPatchBuilder builder = HooksJson.MAKER.createPatchBuilder();
        if (IN_A_LIST.matcher(path).matches()) {
          builder.replace(path, value(each));
        } else {
          builder.add(path, value(each));
        }
        tried(builder, "set", path);
      }
      for (JsonObject each : operations(operations, "add")) {
        String path = path(each);
        boolean list = path.equals("/message/headers") || path.equals("/envelope/to");
        String at = list ? path + "/" + index(each) : path;
        tried(HooksJson.MAKER.createPatchBuilder().add(place(at), value(each)), "add", at);
      }
      for (JsonObject each : operations(operations, "delete")) {
        String path = path(each);
        tried(HooksJson.MAKER.createPatchBuilder().remove(path), "delete", path);
      }
    }

    private static List<JsonObject> operations(JsonObject all, String name) throws IOException {
      JsonValue found = all.getOrDefault(name, JsonValue.NULL);
      if (JsonValue.NULL.equals(found)) {
        return List.of();
      }
      if (found instanceof JsonArray list && list.stream().allMatch(JsonObject.class::isInstance)) {
        return list.getValuesAs(JsonObject.class);
      }
      throw new IOException("\"" + name + "\" is not a list of operations");
    }

    private String path(JsonObject operation) throws IOException {
      return place(HooksJson.required(HooksJson.text(operation, "path"), "a path"));
    }

    private static String index(JsonObject operation) throws IOException {
      JsonValue index = operation.getOrDefault("index", JsonValue.NULL);
      if (JsonValue.NULL.equals(index)) {
        return "-";
      }
      return HooksJson.number(operation, "index")
          .filter(number -> number >= 0 && number <= Integer.MAX_VALUE)
          .orElseThrow(() -> new IOException("an index that is not a number"))
          .toString();
    }

    private String place(String path) throws IOException {
      if (!places.matcher(path).matches()) {
        throw new IOException("\"" + WireInput.shown(path) + "\" is not for the service to change");
      }
      return path;
    }

    private String listed(String path) throws IOException {
      if (!IN_A_LIST.matcher(path).matches()) {
        throw new IOException("\"" + WireInput.shown(path) + "\" cannot be moved or copied");
      }
      return place(path);
    }

    private void tried(JsonPatchBuilder builder, String op, String path) throws IOException {
      try {
        apply(builder, op, path);
      } catch (NotThere e) {
        skipped.add(WireInput.shown(op + " " + path));
      }
    }

    private void apply(JsonPatchBuilder builder, String op, String path) throws IOException {
      if (++count > MOST) {
        throw new IOException("more than " + MOST + " operations");
      }
      try {
        result = builder.build().apply(result);
      } catch (JsonException | IndexOutOfBoundsException | NumberFormatException e) {
        throw new NotThere("\"" + WireInput.shown(op + " " + path) + "\": " + e.getMessage(), e);
      }
    }
  }

  /// The place that is to be changed is not there, or not as it was tested for.
  private static final class NotThere extends IOException {
    private static final long serialVersionUID = 1L;

    NotThere(String message, Exception cause) {
      super(message, cause);
    }
  }
}
