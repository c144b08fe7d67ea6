package org.caravanmta.filter.hooks;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.WireInput;
import org.caravanmta.smtp.Reply;

/// Asks a service about messages that are being delivered, and about the reports on them.
public final class OutboundHooks {
  /// What of a recipient is for the service to change.
  private static final Set<String> CHANGEABLE =
      Set.of("status", "lastResponse", "nextAttemptAt", "nextDsnAt");

  private final HooksService service;
  private final InstantSource clock;

  public OutboundHooks(HooksService service) {
    this.service = service;
    this.clock = service.clock();
  }

  /// After an attempt, whatever has come of it.
  public OutboundAnswer delivery(OutboundFacts facts) {
    return ask(HooksStage.DELIVERY, facts);
  }

  /// After an attempt that leaves recipients waiting.
  public OutboundAnswer defer(OutboundFacts facts) {
    return ask(HooksStage.DEFER, facts);
  }

  /// Before a report is sent.
  ///
  /// @param facts of the message that is reported on; their message is the report
  public OutboundAnswer dsn(OutboundFacts facts) {
    return ask(HooksStage.DSN, facts);
  }

  private OutboundAnswer ask(HooksStage stage, OutboundFacts facts) {
    try {
      Optional<HooksService.Told> told = service.ask(Description.of(stage, facts, clock.instant()));
      return told.isPresent() ? answer(stage, told.get(), facts) : OutboundAnswer.PROCEED;
    } catch (IOException | UncheckedIOException e) {
      return new OutboundAnswer.NoAnswer(service.none(e));
    }
  }

  private static OutboundAnswer answer(
      HooksStage stage, HooksService.Told told, OutboundFacts facts) throws IOException {
    JsonObject before = told.before();
    JsonObject after = told.changed().result();
    String action = HooksJson.required(HooksJson.text(after, "action"), "an action");
    if (action.equals("cancel")) {
      return new OutboundAnswer.Cancel();
    }
    if (!action.equals("continue")) {
      throw new IOException(
          "the service says \"" + WireInput.shown(action) + "\", which is not known");
    }
    List<OutboundAnswer.RecipientChange> recipients = recipients(before, after, facts);
    if (facts.message().isEmpty()) {
      if (after.containsKey("message") || after.containsKey(HookQuestion.RAW)) {
        throw new IOException("the service changes a message that it has not seen");
      }
      return change(recipients, List.of());
    }
    if (isGone(after, "message") || isGone(after, HookQuestion.RAW)) {
      if (stage == HooksStage.DSN) {
        return new OutboundAnswer.SuppressReport(recipients);
      }
      throw new IOException("the service takes the message away at " + stage.word());
    }
    return change(recipients, MessageChanges.of(before, after, facts.message().get()));
  }

  private static boolean isGone(JsonObject after, String name) {
    return JsonValue.NULL.equals(after.getOrDefault(name, JsonValue.NULL));
  }

  private static OutboundAnswer change(
      List<OutboundAnswer.RecipientChange> recipients, List<Edit> edits) throws IOException {
    if (edits.size() > FilterAnswer.MOST_EDITS) {
      throw new IOException("more than " + FilterAnswer.MOST_EDITS + " changes");
    }
    return recipients.isEmpty() && edits.isEmpty()
        ? OutboundAnswer.PROCEED
        : new OutboundAnswer.Change(recipients, edits);
  }

  private static List<OutboundAnswer.RecipientChange> recipients(
      JsonObject before, JsonObject after, OutboundFacts facts) throws IOException {
    JsonArray was = before.getJsonObject("envelope").getJsonArray("to");
    JsonObject envelope =
        HooksJson.object(after.getOrDefault("envelope", JsonValue.NULL), "an envelope");
    if (!(envelope.getOrDefault("to", JsonValue.NULL) instanceof JsonArray is)
        || is.size() != was.size()) {
      throw new IOException("the service adds recipients, or takes them away");
    }
    var changes = new ArrayList<OutboundAnswer.RecipientChange>();
    for (int i = 0; i < is.size(); i++) {
      if (!is.get(i).equals(was.get(i))) {
        RecipientOutcome old = facts.recipients().get(i);
        RecipientOutcome wanted =
            wanted(old, was.getJsonObject(i), HooksJson.object(is.get(i), "a recipient"));
        changes.add(new OutboundAnswer.RecipientChange(i, old, wanted));
      }
    }
    return changes;
  }

  private static RecipientOutcome wanted(RecipientOutcome old, JsonObject was, JsonObject is)
      throws IOException {
    for (String name : is.keySet()) {
      if (!CHANGEABLE.contains(name) && !is.get(name).equals(was.get(name))) {
        throw new IOException("a recipient with \"" + WireInput.shown(name) + "\" changed");
      }
    }
    if (!is.keySet().containsAll(Set.of("address", "parameters", "attempt", "queueName"))) {
      throw new IOException("a recipient of which something is missing");
    }
    RecipientOutcome.State state =
        HooksJson.required(
            HooksJson.text(is, "status").flatMap(RecipientOutcome.State::of), "a status");
    if (old.state() == RecipientOutcome.State.DELIVERED && state != old.state()) {
      throw new IOException("a recipient that has the message is said to be " + state.word());
    }
    JsonValue reply = is.getOrDefault("lastResponse", JsonValue.NULL);
    Optional<Reply> last =
        reply.equals(was.get("lastResponse"))
            ? old.lastReply()
            : JsonValue.NULL.equals(reply)
                ? Optional.empty()
                : Optional.of(InboundVerdict.reply(HooksJson.object(reply, "a response")));
    return new RecipientOutcome(
        old.recipient(),
        state,
        old.attempt(),
        last,
        is.get("nextAttemptAt") != null && is.get("nextAttemptAt").equals(was.get("nextAttemptAt"))
            ? old.nextAttempt()
            : HooksJson.time(is, "nextAttemptAt"),
        is.get("nextDsnAt") != null && is.get("nextDsnAt").equals(was.get("nextDsnAt"))
            ? old.nextReport()
            : HooksJson.time(is, "nextDsnAt"),
        old.queue());
  }
}
