package org.caravanmta.retry;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.caravanmta.address.ReversePath;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Delays;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Events;
import org.caravanmta.event.StageEvent;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Links;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Progress;
import org.caravanmta.message.Purpose;
import org.caravanmta.message.PutBack;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.Attempt;

/// Decides what follows an attempt (RFC 5321 §4.5.4.1, §6.1): a deferred recipient waits in a lane,
/// one that has failed, or has waited for the message's whole lifetime, is reported, and one that
/// is delivered is done. When a message is late, its sender is told once which recipients still
/// wait (RFC 3461 §4.1); the sender of a watched message is told how its first attempt ended.
public final class Retry {

  /// A report is about the recipient as a whole.
  private static final UnaryOperator<Recipient> WHOLE = recipient -> recipient.having(Set.of());

  private final RetrySchedule schedule;
  private final Spread spread = new Spread();
  private final boolean soft;
  private final boolean doubles;
  private final boolean cleared;
  private final OutcomeHearing hearing;
  private final Links links;
  private final InstantSource clock;

  /// Without soft bounces.
  public Retry(RetrySchedule schedule, Links links, InstantSource clock) {
    this(schedule, false, false, links, clock);
  }

  /// @param doubles whether the postmaster gets a notice of failed mail that has the null reverse
  ///   path (postfix `notify_classes`, `2bounce`)
  /// @param soft whether a failed recipient waits as if deferred, as long as the message may
  ///   (postfix `soft_bounce`)
  public Retry(
      RetrySchedule schedule, boolean soft, boolean doubles, Links links, InstantSource clock) {
    this(schedule, soft, doubles, false, OutcomeHearing.NOBODY, links, clock);
  }

  /// @param cleared whether a sender who was told of a delay is told of its end (postfix
  ///   `confirm_delay_cleared`)
  Retry(
      RetrySchedule schedule,
      boolean soft,
      boolean doubles,
      boolean cleared,
      Links links,
      InstantSource clock) {
    this(schedule, soft, doubles, cleared, OutcomeHearing.NOBODY, links, clock);
  }

  /// @param hearing who hears of attempts
  Retry(
      RetrySchedule schedule,
      boolean soft,
      boolean doubles,
      boolean cleared,
      OutcomeHearing hearing,
      Links links,
      InstantSource clock) {
    this.hearing = hearing;
    this.doubles = doubles;
    this.cleared = cleared;
    this.schedule = schedule;
    this.soft = soft;
    this.links = links;
    this.clock = clock;
  }

  /// The tasks that an outcome leaves: at most one lane, and a notice of each kind. A task that has
  /// not been tried stays in its queue.
  public Handover settle(TaskOutcome outcome) {
    return outcome.tried() ? follow(outcome, hearing) : new PutBack();
  }

  /// Recipients whose destination the operator has suspended wait, untried, until it is resumed; or
  /// until the message is too old, as any that waits (postfix `defer_transports`).
  ///
  /// @param suspended some of the message's recipients, or all, and why each waits
  /// @param rest the others, whose task goes on
  public Handover suspended(Mail mail, Map<Recipient, String> suspended, List<Recipient> rest) {
    Instant now = clock.instant();
    return follow(
        new TaskOutcome(
            mail,
            suspended.entrySet().stream()
                .map(
                    each ->
                        RecipientResult.of(
                            each.getKey(),
                            new Attempt.Deferred(SuspendedReason.of(each.getValue()))))
                .toList(),
            Delays.of(mail.envelope(), now, now, now),
            false,
            rest.isEmpty() ? List.of() : List.of(mail.with(rest))),
        OutcomeHearing.NOBODY);
  }

  private Handover follow(TaskOutcome outcome, OutcomeHearing heardBy) {
    Mail mail = outcome.mail();
    OutcomeHearing.Heard heard =
        heardBy == OutcomeHearing.NOBODY
            ? OutcomeHearing.Heard.unchanged(outcome)
            : heardBy.outcome(outcome, plan(mail, clock.instant()));
    Instant now = clock.instant();
    boolean watched =
        outcome.tried()
            && mail.envelope().progress().attempt() == 0
            && mail.envelope().purpose() == Purpose.WATCHED;
    boolean expired = schedule.expired(mail.envelope(), now);
    // keyed by the recipient as it was: one that waits for several reasons is handled once
    var waiting = new LinkedHashMap<Recipient, Recipient>();
    var notices = new EnumMap<Notice.Action, List<Recipient>>(Notice.Action.class);
    String transport = mail.envelope().destination().map(Destination::transport).orElse("");
    for (RecipientResult each : heard.results()) {
      RecipientResult result = soft && !expired ? each.softened() : each;
      var attempted =
          new DeliveryEvent.Attempted(
              mail,
              transport,
              result.recipient(),
              result.attempt(),
              result.relay(),
              result.uses(),
              outcome.times(),
              expired,
              result.tls());
      if (outcome.tried()) {
        Events.tell(attempted);
      } else if (expired || !SuspendedReason.isKnown(result)) {
        // once, and not each time that it has come round
        Events.tell(new DeliveryEvent.Withheld(attempted));
      }
      switch (result.attempt()) {
        case Attempt.Deferred(Reason reason) when !expired ->
            waits(result.recipient().because(reason), waiting);
        case Attempt.Deferred(Reason reason) ->
            failed(mail, result.recipient().because(reason), heard, notices);
        case Attempt.Failed(Reason reason) ->
            failed(mail, result.recipient().because(reason), heard, notices);
        case Attempt.Delivered delivered ->
            succeeded(mail, result, delivered, watched || ends(mail, result.recipient()), notices);
      }
    }
    List<Recipient> deferred = List.copyOf(waiting.values());
    int onward = outcome.tried() ? 0 : mail.recipients().size() - outcome.results().size();
    Events.tell(new DeliveryEvent.Settled(mail, deferred.size() + onward));
    boolean warned = warned(mail, deferred, watched, heard, notices, now);
    return Handover.of(tasks(outcome, waits(outcome, deferred, heard, now), notices, warned, now));
  }

  /// The whole message waits until it is tried again: a stage before delivery could not do its
  /// work.
  public Handover defer(Mail mail, Reason reason) {
    return follow(
        TaskOutcome.all(
            mail,
            new Attempt.Deferred(reason),
            Delays.of(mail.envelope(), clock.instant(), clock.instant(), clock.instant())),
        OutcomeHearing.NOBODY);
  }

  /// Where something that has waited in a lane goes: a message is routed again, a notice goes back
  /// to the report stage that broke on it.
  @HandsOver({Queues.ROUTING, Queues.REPORT})
  public Handover due(Object waited) {
    return Handover.of(
        List.of(
            switch (waited) {
              case Notice notice -> new Task(Queues.REPORT, notice);
              case Object mail -> new Task(Queues.ROUTING, mail);
            }));
  }

  private List<Task> tasks(
      TaskOutcome outcome,
      Map<Duration, Mail> deferred,
      Map<Notice.Action, List<Recipient>> notices,
      boolean warned,
      Instant now) {
    Mail mail = outcome.mail();
    var parts = new ArrayList<Mail>();
    notices.values().forEach(told -> parts.add(mail.with(told.stream().map(WHOLE).toList())));
    parts.addAll(deferred.values());
    var waits = List.copyOf(deferred.keySet());
    boolean before = mail.envelope().progress().warned();
    int own = parts.size();
    parts.addAll(outcome.onward());
    List<Mail> held;
    try {
      held = links.split(parts);
    } catch (IOException e) {
      // nothing has been reported yet: every recipient who is not done is tried again
      Events.tell(new StageEvent.NoContent(mail.id(), "retry.Retry", "split", e));
      var again = new LinkedHashMap<Recipient, Recipient>();
      deferred
          .values()
          .forEach(part -> part.recipients().forEach(recipient -> waits(recipient, again)));
      notices
          .getOrDefault(Notice.Action.FAILED, List.of())
          .forEach(recipient -> waits(recipient, again));
      List<Recipient> all =
          outcome.onward().isEmpty() ? List.copyOf(again.values()) : mail.recipients();
      return all.isEmpty()
          ? List.of()
          : List.of(waiting(outcome, mail.with(all), usualWait(outcome, now), before, now));
    }
    var tasks = new ArrayList<Task>();
    var actions = List.copyOf(notices.keySet());
    for (int i = 0; i < held.size(); i++) {
      tasks.add(
          i < actions.size()
              ? new Task(Queues.REPORT, new Notice(actions.get(i), held.get(i)))
              : i < own
                  ? waiting(outcome, held.get(i), waits.get(i - actions.size()), warned, now)
                  : onward(held.get(i)));
    }
    return tasks;
  }

  private static Task onward(Mail mail) {
    return new Task(
        mail.envelope()
            .destination()
            .map(to -> Queues.delivery(to.transport()))
            .orElse(Queues.ROUTING),
        mail);
  }

  private Duration usualWait(TaskOutcome outcome, Instant now) {
    Envelope envelope = outcome.mail().envelope();
    return outcome.tried()
        ? schedule.wait(envelope.progress().attempt() + 1)
        : schedule.untried(envelope.arrived(), now);
  }

  /// Those who wait, by how long they do: a lane for each, which is seldom more than one.
  private Map<Duration, Mail> waits(
      TaskOutcome outcome, List<Recipient> deferred, OutcomeHearing.Heard heard, Instant now) {
    Duration usual = usualWait(outcome, now);
    var recipients = new LinkedHashMap<Duration, List<Recipient>>();
    for (Recipient recipient : deferred) {
      Duration wait =
          heard
              .of(recipient)
              .nextAttempt()
              .map(wanted -> schedule.nearest(Duration.between(now, wanted)))
              .orElse(usual);
      recipients.computeIfAbsent(wait, _ -> new ArrayList<>()).add(recipient);
    }
    var waits = new LinkedHashMap<Duration, Mail>();
    recipients.forEach((wait, those) -> waits.put(wait, heard.waiting(outcome.mail().with(those))));
    return waits;
  }

  private OutcomeHearing.Plan plan(Mail mail, Instant now) {
    Envelope envelope = mail.envelope();
    Duration wait = schedule.wait(envelope.progress().attempt() + 1);
    return new OutcomeHearing.Plan(
        RetrySchedule.queue(wait),
        now.plus(wait),
        envelope.progress().warned() || mail.reversePath() instanceof ReversePath.Null
            ? Optional.empty()
            : schedule.warning(envelope.arrived()),
        schedule.expiry(envelope),
        schedule.expired(envelope, now));
  }

  private Task waiting(TaskOutcome outcome, Mail mail, Duration wait, boolean warned, Instant now) {
    int attempt = mail.envelope().progress().attempt() + (outcome.tried() ? 1 : 0);
    return new Task(
        RetrySchedule.queue(wait),
        mail.with(
            mail.envelope().with(new Progress(attempt, 0, spread.due(wait, now), now, warned))));
  }

  /// Adds the notice about recipients who still wait, when it is due.
  ///
  /// @return whether the sender will have been told
  private boolean warned(
      Mail mail,
      List<Recipient> deferred,
      boolean watched,
      OutcomeHearing.Heard heard,
      Map<Notice.Action, List<Recipient>> notices,
      Instant now) {
    boolean before = mail.envelope().progress().warned();
    boolean late =
        !before && schedule.late(mail.envelope().arrived(), now)
            || deferred.stream()
                .anyMatch(each -> heard.of(each).report() == OutcomeHearing.Wish.Report.NOW);
    if (deferred.isEmpty() || !late && !watched) {
      return before;
    }
    List<Recipient> told =
        mail.reversePath() instanceof ReversePath.Null
            ? List.of()
            : deferred.stream()
                .filter(r -> watched || r.wants(Notify.Event.DELAY, true))
                .filter(r -> heard.of(r).report() != OutcomeHearing.Wish.Report.NEVER)
                .map(SuspendedReason::shown)
                .toList();
    if (!told.isEmpty()) {
      notices.put(Notice.Action.DELAYED, told);
    }
    return before || late;
  }

  private static void waits(Recipient recipient, Map<Recipient, Recipient> waiting) {
    waiting.merge(recipient.untried(), recipient, Recipient::and);
  }

  private void failed(
      Mail mail,
      Recipient recipient,
      OutcomeHearing.Heard heard,
      Map<Notice.Action, List<Recipient>> notices) {
    if (heard.of(recipient).silent()) {
      Events.tell(new DeliveryEvent.Unreported(mail, recipient, false));
    } else if (mail.reversePath() instanceof ReversePath.Null && !doubles) {
      Events.tell(new DeliveryEvent.Unreported(mail, recipient, true));
    } else if (recipient.wants(Notify.Event.FAILURE, true)) {
      notices
          .computeIfAbsent(Notice.Action.FAILED, action -> new ArrayList<>())
          .add(SuspendedReason.shown(recipient));
    } else {
      Events.tell(new DeliveryEvent.Unreported(mail, recipient, false));
    }
  }

  /// Whether a delay ends of which the sender was told, and of whose end he is to hear.
  private boolean ends(Mail mail, Recipient recipient) {
    return cleared
        && mail.envelope().progress().warned()
        && recipient.wants(Notify.Event.DELAY, true);
  }

  private static void succeeded(
      Mail mail,
      RecipientResult result,
      Attempt.Delivered delivered,
      boolean watched,
      Map<Notice.Action, List<Recipient>> notices) {
    // a server that has taken over reporting does not know who watches here
    Optional<Notice.Action> success =
        watched && result.uses() > 0
            ? result.success().or(() -> Optional.of(Notice.Action.RELAYED))
            : result.success();
    if (mail.reversePath() instanceof ReversePath.Mailbox
        && success.isPresent()
        && (watched || result.recipient().wants(Notify.Event.SUCCESS, false))) {
      boolean answered = result.uses() > 0;
      String relay = result.relay();
      int bracket = relay.indexOf('[');
      var reason =
          new Reason(
              delivered.status(),
              "delivery via " + relay + ": " + delivered.text(),
              answered
                  ? Optional.of(bracket > 0 ? relay.substring(0, bracket) : relay)
                  : Optional.empty(),
              answered ? Optional.of(delivered.text()) : Optional.empty());
      notices
          .computeIfAbsent(success.get(), action -> new ArrayList<>())
          .add(result.recipient().because(reason));
    }
  }
}
