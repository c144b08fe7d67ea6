package org.caravanmta.filter.hooks;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// What a service's action and response say (draft-degennaro-mta-hooks-02, "Inbound Actions").
final class InboundVerdict {
  private static final Reply REFUSAL = Reply.of(550, "5.7.1", "Message rejected");
  private static final Reply GOODBYE = Reply.of(421, "4.7.0", "Closing the connection");
  private static final String WHO = "MTA Hooks";

  private InboundVerdict() {}

  /// @throws IOException if they say nothing that is known, or something that cannot be
  static Judgement of(HooksService.Told told) throws IOException {
    JsonObject result = told.changed().result();
    String action = HooksJson.required(HooksJson.text(result, "action"), "an action");
    JsonValue response = result.getOrDefault("response", JsonValue.NULL);
    Optional<Reply> own =
        response.equals(told.before().get("response")) || JsonValue.NULL.equals(response)
            ? Optional.empty()
            : Optional.of(reply(HooksJson.object(response, "a response")));
    return switch (action) {
      case "accept" -> {
        if (own.isPresent() && !own.get().positive()) {
          throw new IOException("the service accepts, with the response \"" + own.get() + "\"");
        }
        yield Judgement.PASS;
      }
      case "reject" -> {
        if (own.isPresent() && own.get().positive()) {
          throw new IOException("the service rejects, with the response \"" + own.get() + "\"");
        }
        yield new Judgement.Refuse(own.orElse(REFUSAL));
      }
      case "disconnect" -> new Judgement.Disconnect(own.map(InboundVerdict::last).orElse(GOODBYE));
      case "discard" -> new Judgement.Discard(WHO);
      case "quarantine" -> new Judgement.Quarantine(WHO);
      default ->
          throw new IOException(
              "the service says \"" + WireInput.shown(action) + "\", which is not known");
    };
  }

  /// A session ends with 421, whatever the service wants to say (RFC 5321 §3.8).
  private static Reply last(Reply wanted) {
    return new Reply(
        GOODBYE.code(),
        wanted.status().filter(status -> status.digit() == 4).or(GOODBYE::status),
        wanted.lines());
  }

  /// A reply as services write it. A status of another class than the code's gives way to one that
  /// fits.
  ///
  /// @throws IOException if it has no code, or one that servers do not give
  static Reply reply(JsonObject response) throws IOException {
    long code = HooksJson.required(HooksJson.number(response, "code"), "a code");
    if (code < 200 || code > 599 || (code > 299 && code < 400)) {
      throw new IOException("a response with the code " + code);
    }
    int digit = (int) code / 100;
    Status status =
        HooksJson.text(response, "enhancedCode")
            .flatMap(Status::parse)
            .filter(given -> given.digit() == digit)
            .orElse(digit == 2 ? new Status(2, 0, 0) : new Status(digit, 7, 1));
    String text = HooksJson.text(response, "message").map(String::strip).orElse("");
    return new Reply(
        (int) code,
        Optional.of(status),
        List.of(text.isEmpty() ? "Message rejected" : WireInput.shown(text)));
  }
}
