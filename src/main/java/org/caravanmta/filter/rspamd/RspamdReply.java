package org.caravanmta.filter.rspamd;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.caravanmta.address.Address;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FieldText;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.RemadeMessage;
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.message.Headers;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// What rspamd has said of a message (rspamd documentation, "Protocol": the JSON of `/checkv2` and
/// `/checkv3`), and what follows from it, as rspamd's own milter has it.
///
/// @param rewritten the message as rspamd has rewritten it; absent if it has not
record RspamdReply(
    JsonObject said, Examined message, RspamdTerms terms, Optional<byte[]> rewritten) {
  /// More symbols than this are not logged.
  private static final int MOST_SYMBOLS = 20;

  /// The answer.
  ///
  /// @throws IOException if it is not one
  FilterAnswer answer() throws IOException {
    if (!(said.get("action") instanceof JsonString action)) {
      throw new IOException("an answer without an action");
    }
    if (isUnseen(said)) {
      throw new IOException("rspamd has not looked at the message");
    }
    return switch (action.getString()) {
      case "no action", "greylist", "accept" -> passed(edits());
      case "add header" -> {
        List<Edit> edits = edits();
        edits.add(new Edit.AddField(FieldText.of(spamField(), "Yes")));
        yield passed(edits);
      }
      case "rewrite subject" -> {
        List<Edit> edits = edits();
        if (said.get("subject") instanceof JsonString subject) {
          edits.add(new Edit.ChangeField(1, FieldText.of("Subject", subject.getString())));
        }
        yield passed(edits);
      }
      case "soft reject" -> judged(refusal(451, "4.7.1", "Try again later"));
      case "reject" -> judged(rejected());
      case "discard" -> judged(new Judgement.Discard("rspamd"));
      case "quarantine" -> judged(new Judgement.Quarantine("rspamd"));
      default ->
          throw new IOException(
              "rspamd says \"" + WireInput.shown(action.getString()) + "\", which is not known");
    };
  }

  /// Whether rspamd says that it has skipped the message, and has not even read it: so its proxy
  /// answers when it cannot do what it is asked. One that its settings exempt it has read.
  static boolean isUnseen(JsonObject said) {
    return JsonValue.TRUE.equals(said.get("is_skipped")) && !said.containsKey("message-id");
  }

  /// rspamd may want to have something else done with what it rejects.
  private Judgement rejected() throws IOException {
    if (milter().get("reject") instanceof JsonString instead) {
      return switch (instead.getString()) {
        case "quarantine" -> new Judgement.Quarantine("rspamd");
        case "discard" -> new Judgement.Discard("rspamd");
        case "reject" -> refusal(554, "5.7.1", "Spam message rejected");
        default ->
            throw new IOException(
                "rspamd wants \""
                    + WireInput.shown(instead.getString())
                    + "\", which is not known");
      };
    }
    return refusal(554, "5.7.1", "Spam message rejected");
  }

  private Judgement refusal(int code, String status, String text) {
    Optional<String> own =
        said.get("messages") instanceof JsonObject messages
                && messages.get("smtp_message") instanceof JsonString message
            ? Optional.of(WireInput.shown(message.getString()))
            : Optional.empty();
    return new Judgement.Refuse(Reply.of(code, status, own.orElse(text)));
  }

  private FilterAnswer judged(Judgement judgement) {
    return new FilterAnswer(judgement, List.of(), note(), score());
  }

  private FilterAnswer passed(List<Edit> edits) {
    return new FilterAnswer(Judgement.PASS, edits, note(), score());
  }

  private OptionalDouble score() {
    return said.get("score") instanceof JsonNumber number
            && Double.isFinite(number.bigDecimalValue().doubleValue())
        ? OptionalDouble.of(number.bigDecimalValue().doubleValue())
        : OptionalDouble.empty();
  }

  private String note() {
    String symbols =
        said.get("symbols") instanceof JsonObject all
            ? all.keySet().stream()
                .limit(MOST_SYMBOLS)
                .map(WireInput::shown)
                .collect(Collectors.joining(","))
            : "";
    return "score=" + said.getOrDefault("score", JsonValue.NULL) + " " + symbols;
  }

  private JsonObject milter() {
    return said.get("milter") instanceof JsonObject milter ? milter : JsonValue.EMPTY_JSON_OBJECT;
  }

  private String spamField() {
    return milter().get("spam_header") instanceof JsonString name
        ? name.getString()
        : terms.spamField();
  }

  /// A field that is to be added.
  ///
  /// @param position absent for after the last
  private record Added(String name, String value, OptionalInt position) {}

  private List<Edit> edits() throws IOException {
    var edits = new ArrayList<Edit>();
    JsonObject milter = milter();
    if (milter.get("remove_headers") instanceof JsonObject removed) {
      Map<String, Long> counts =
          message.mail().headers().fields().stream()
              .skip(EditedMail.hidden(message.mail()))
              .collect(
                  Collectors.groupingBy(field -> Ascii.lower(field.name()), Collectors.counting()));
      for (var each : removed.entrySet()) {
        long count = counts.getOrDefault(Ascii.lower(each.getKey()), 0L);
        remove(each.getKey(), (int) count, each.getValue(), edits);
      }
    }
    if (milter.get("add_headers") instanceof JsonObject added) {
      var all = new ArrayList<Added>();
      for (var each : added.entrySet()) {
        added(each.getKey(), each.getValue(), all);
      }
      // positions are those in the message as rspamd saw it: from the bottom to the top
      all.sort(Comparator.comparingInt(each -> -each.position().orElse(Integer.MAX_VALUE)));
      for (Added each : all) {
        Headers.Field field = FieldText.of(each.name(), each.value());
        edits.add(
            each.position().isPresent()
                ? new Edit.InsertField(each.position().getAsInt(), field)
                : new Edit.AddField(field));
      }
    }
    for (String signature : texts(said.get("dkim-signature"))) {
      edits.add(new Edit.InsertField(1, FieldText.of("DKIM-Signature", signature)));
    }
    for (String sender : texts(milter.get("change_from"))) {
      edits.add(new Edit.ChangeSender(path(sender)));
    }
    for (String recipient : texts(milter.get("add_rcpt"))) {
      edits.add(new Edit.AddRecipient(address(recipient)));
    }
    for (String recipient : texts(milter.get("del_rcpt"))) {
      edits.add(new Edit.RemoveRecipient(address(recipient)));
    }
    if (rewritten.isPresent()) {
      edits.addAll(body(rewritten.get()));
    }
    return edits;
  }

  /// The body of a message that rspamd has rewritten; its fields change by what is asked for them
  /// only.
  private List<Edit> body(byte[] whole) throws IOException {
    return RemadeMessage.read(new WireInput(new ByteArrayInputStream(whole)), message).stream()
        .filter(Edit.ReplaceBody.class::isInstance)
        .toList();
  }

  /// A text, or several.
  private static List<String> texts(@Nullable JsonValue value) {
    return switch (value) {
      case JsonString one -> List.of(one.getString());
      case JsonArray several ->
          several.stream()
              .filter(JsonString.class::isInstance)
              .map(each -> ((JsonString) each).getString())
              .toList();
      case null, default -> List.of();
    };
  }

  private static void added(String name, JsonValue value, List<Added> all) throws IOException {
    switch (value) {
      case JsonString text -> all.add(new Added(name, text.getString(), OptionalInt.empty()));
      case JsonArray several -> {
        for (JsonValue each : several) {
          added(name, each, all);
        }
      }
      case JsonObject one when one.get("value") instanceof JsonString text ->
          all.add(
              new Added(
                  name,
                  text.getString(),
                  one.get("order") instanceof JsonNumber order && order.intValue() >= 0
                      ? OptionalInt.of(order.intValue())
                      : OptionalInt.empty()));
      default -> throw new IOException("the field " + WireInput.shown(name) + " without a value");
    }
  }

  /// 0 means all of the name, a number below 0 counts from the last.
  private static void remove(String name, int count, JsonValue value, List<Edit> edits) {
    switch (value) {
      case JsonArray several -> several.forEach(each -> remove(name, count, each, edits));
      case JsonNumber number when number.intValue() == 0 ->
          edits.add(new Edit.RemoveField(0, name));
      case JsonNumber number -> {
        int index = number.intValue() > 0 ? number.intValue() : count + 1 + number.intValue();
        if (index > 0) {
          edits.add(new Edit.RemoveField(index, name));
        }
      }
      default -> {
        // nothing that says which
      }
    }
  }

  private static Address address(String text) throws IOException {
    try {
      return Address.parse(text.replaceAll("^<|>$", ""));
    } catch (IllegalArgumentException e) {
      throw new IOException("the recipient " + WireInput.shown(text) + ": " + e.getMessage(), e);
    }
  }

  private static ReversePath path(String text) throws IOException {
    String plain = text.replaceAll("^<|>$", "");
    return plain.isEmpty() ? ReversePath.NULL : ReversePath.of(address(plain));
  }
}
