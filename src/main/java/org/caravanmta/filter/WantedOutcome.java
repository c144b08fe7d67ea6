package org.caravanmta.filter;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.hooks.HooksAddress;
import org.caravanmta.filter.hooks.OutboundAnswer.RecipientChange;
import org.caravanmta.filter.hooks.RecipientOutcome;
import org.caravanmta.filter.hooks.RecipientOutcome.State;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.retry.OutcomeHearing;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.Reply;

/// What an attempt has come to, as services want it one after the other.
final class WantedOutcome {
  private static final Pattern REPLY =
      Pattern.compile("([2-5]\\d\\d)[ -](?:([245]\\.\\d{1,3}\\.\\d{1,3}) ?)?(.*)", Pattern.DOTALL);
  private static final Reason CANCELLED = Reason.of("5.7.1", "delivery was cancelled");

  private final TaskOutcome outcome;
  private final OutcomeHearing.Plan plan;
  private final List<RecipientResult> results;
  private final Map<Recipient, OutcomeHearing.Wish> wishes;
  private Headers headers;
  private boolean cancelled;

  /// @param before what another service has wanted
  WantedOutcome(TaskOutcome outcome, OutcomeHearing.Plan plan, OutcomeHearing.Heard before) {
    this.outcome = outcome;
    this.plan = plan;
    this.results = new ArrayList<>(before.results());
    this.wishes = new HashMap<>(before.wishes());
    this.headers = before.headers().apply(outcome.mail().headers());
  }

  /// The message as those get it who wait.
  Mail mail() {
    return headers == outcome.mail().headers() ? outcome.mail() : outcome.mail().with(headers);
  }

  OutcomeHearing.Plan plan() {
    return plan;
  }

  int attempt() {
    return outcome.mail().envelope().progress().attempt() + 1;
  }

  boolean isWaiting() {
    return !plan.expired()
        && results.stream().anyMatch(result -> result.attempt() instanceof Attempt.Deferred);
  }

  /// How it stands with each.
  List<RecipientOutcome> outcomes() {
    return results.stream().map(this::outcome).toList();
  }

  private RecipientOutcome outcome(RecipientResult result) {
    State state =
        switch (result.attempt()) {
          case Attempt.Delivered _ -> State.DELIVERED;
          case Attempt.Deferred _ -> plan.expired() ? State.FAILED : State.DEFERRED;
          case Attempt.Failed _ -> wish(result).silent() ? State.FAILED_SILENT : State.FAILED;
        };
    boolean waits = state == State.DEFERRED;
    return new RecipientOutcome(
        HooksAddress.of(result.recipient()),
        state,
        attempt(),
        Optional.of(
            switch (result.attempt()) {
              case Attempt.Delivered(String text, _) -> reply(text, new Status(2, 0, 0));
              case Attempt.Deferred(Reason reason) -> reply(reason);
              case Attempt.Failed(Reason reason) -> reply(reason);
            }),
        waits
            ? wish(result).nextAttempt().or(() -> Optional.of(plan.nextAttempt()))
            : Optional.empty(),
        waits && wish(result).report() != OutcomeHearing.Wish.Report.NEVER
            ? plan.nextReport()
            : Optional.empty(),
        waits ? Optional.of(plan.queue()) : Optional.empty());
  }

  private OutcomeHearing.Wish wish(RecipientResult result) {
    return wishes.getOrDefault(result.recipient().untried(), OutcomeHearing.Wish.NONE);
  }

  /// A reason as services are told of it: the server's reply, or ours.
  static Reply reply(Reason reason) {
    return reply(reason.reply().orElse(reason.text()), reason.status());
  }

  private static Reply reply(String text, Status status) {
    var said = REPLY.matcher(text);
    if (said.matches()) {
      return new Reply(
          Integer.parseInt(said.group(1)),
          Optional.ofNullable(said.group(2)).flatMap(Status::parse),
          List.of(said.group(3)));
    }
    int code = status.digit() == 2 ? 250 : status.digit() == 4 ? 451 : 550;
    return new Reply(code, Optional.of(status), List.of(text));
  }

  /// Nobody who waits gets the message, and nobody is told (draft-degennaro-mta-hooks-01, "Outbound
  /// Actions": all pending deliveries are cancelled). Those who have waited long enough wait no
  /// more.
  void cancel() {
    cancelled = true;
    if (plan.expired()) {
      return;
    }
    results.replaceAll(
        result -> {
          if (!(result.attempt() instanceof Attempt.Deferred)) {
            return result;
          }
          wishes.put(
              result.recipient().untried(),
              new OutcomeHearing.Wish(Optional.empty(), true, OutcomeHearing.Wish.Report.USUAL));
          return with(result, new Attempt.Failed(CANCELLED));
        });
  }

  /// Whether a service has cancelled it, so that no other is asked.
  boolean isCancelled() {
    return cancelled;
  }

  /// @return what is changed, for the log
  String change(List<RecipientChange> changes, List<Edit> edits) {
    var notes = new ArrayList<String>();
    for (RecipientChange change : changes) {
      notes.add(change(change));
    }
    List<Edit> ofFields = edits.stream().filter(WantedOutcome::isOfField).toList();
    if (!ofFields.isEmpty()) {
      headers = EditedMail.edit(mail(), ofFields, List::of).headers();
      notes.add("header section changed");
    }
    if (ofFields.size() < edits.size()) {
      notes.add("the body, the sender and the recipients stay as they are");
    }
    return String.join("; ", notes);
  }

  private static boolean isOfField(Edit edit) {
    return switch (edit) {
      case Edit.AddField _,
          Edit.InsertField _,
          Edit.ChangeField _,
          Edit.RemoveField _,
          Edit.ReplaceHeaders _ ->
          true;
      case Edit.AddRecipient _, Edit.RemoveRecipient _, Edit.ChangeSender _, Edit.ReplaceBody _ ->
          false;
    };
  }

  private String change(RecipientChange change) {
    RecipientResult result = results.get(change.index());
    RecipientOutcome before = change.before();
    RecipientOutcome wanted = change.wanted();
    var notes = new ArrayList<String>();
    boolean moved = before.state() != wanted.state();
    boolean said = !before.lastReply().equals(wanted.lastReply());
    if (moved || said) {
      results.set(change.index(), with(result, attempt(result, wanted, said)));
      notes.add(moved ? word(before.state()) + " -> " + word(wanted.state()) : "another reply");
    }
    Optional<Instant> next =
        before.nextAttempt().equals(wanted.nextAttempt()) ? Optional.empty() : wanted.nextAttempt();
    next.ifPresent(at -> notes.add("next attempt " + at));
    OutcomeHearing.Wish.Report report = report(before, wanted);
    if (report != OutcomeHearing.Wish.Report.USUAL) {
      notes.add("report of the delay: " + report.name().toLowerCase(Locale.ROOT));
    }
    OutcomeHearing.Wish old = wish(result);
    wishes.put(
        result.recipient().untried(),
        new OutcomeHearing.Wish(
            next.or(old::nextAttempt),
            wanted.state() == State.FAILED_SILENT,
            report == OutcomeHearing.Wish.Report.USUAL ? old.report() : report));
    return result.recipient().address() + ": " + notes.stream().collect(Collectors.joining(", "));
  }

  /// The sender is told at once or never; another time is not kept.
  private OutcomeHearing.Wish.Report report(RecipientOutcome before, RecipientOutcome wanted) {
    if (before.nextReport().equals(wanted.nextReport())) {
      return OutcomeHearing.Wish.Report.USUAL;
    }
    return wanted
        .nextReport()
        .map(
            at ->
                before.nextAttempt().filter(at::isBefore).isPresent()
                    ? OutcomeHearing.Wish.Report.NOW
                    : OutcomeHearing.Wish.Report.USUAL)
        .orElse(OutcomeHearing.Wish.Report.NEVER);
  }

  private static String word(State state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Attempt attempt(RecipientResult result, RecipientOutcome wanted, boolean said) {
    return switch (wanted.state()) {
      case DELIVERED ->
          result.attempt() instanceof Attempt.Delivered
              ? result.attempt()
              : new Attempt.Delivered(
                  "delivered, as a content filter says", RecipientResult.NOBODY);
      case PENDING, DEFERRED -> new Attempt.Deferred(reason(result, wanted, said, 4));
      case FAILED, FAILED_SILENT -> new Attempt.Failed(reason(result, wanted, said, 5));
    };
  }

  private static Reason reason(
      RecipientResult result, RecipientOutcome wanted, boolean said, int digit) {
    Optional<Reason> old =
        switch (result.attempt()) {
          case Attempt.Delivered _ -> Optional.empty();
          case Attempt.Deferred(Reason reason) -> Optional.of(reason);
          case Attempt.Failed(Reason reason) -> Optional.of(reason);
        };
    if (!said && old.isPresent()) {
      Reason kept = old.get();
      return new Reason(of(kept.status(), digit), kept.text(), kept.remote(), kept.reply());
    }
    Optional<Reply> reply = wanted.lastReply();
    Status status = reply.flatMap(Reply::status).orElse(new Status(digit, 7, 1));
    return new Reason(
        of(status, digit),
        reply.map(own -> "a content filter said: " + own).orElse("as a content filter wants it"),
        Optional.empty(),
        reply.map(Reply::toString));
  }

  private static Status of(Status status, int digit) {
    return status.digit() == digit ? status : new Status(digit, status.subject(), status.detail());
  }

  private static RecipientResult with(RecipientResult result, Attempt attempt) {
    return new RecipientResult(
        result.recipient(), attempt, result.relay(), result.uses(), result.success(), result.tls());
  }

  OutcomeHearing.Heard heard() {
    Headers changed = headers;
    return new OutcomeHearing.Heard(
        results, wishes, old -> old == outcome.mail().headers() ? changed : old);
  }
}
