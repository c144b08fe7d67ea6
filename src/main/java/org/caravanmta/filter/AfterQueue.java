package org.caravanmta.filter;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.caravanmta.event.Events;
import org.caravanmta.event.FilterEvent;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Deferral;
import org.caravanmta.message.Handover;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.message.Task;
import org.caravanmta.smtp.Reply;

/// What follows from what the filters of a route after the queue have said. We are responsible for
/// the message already (RFC 5321 §6.1): what is refused is not returned to somebody who may never
/// have sent it.
public final class AfterQueue {
  private static final Reason NO_ANSWER = Reason.of("4.7.1", "a content filter gives no answer");

  private final AfterQueueSettings settings;
  private final Deferral deferral;
  private final InstantSource clock;

  AfterQueue(AfterQueueSettings settings, Deferral deferral, InstantSource clock) {
    this.settings = settings;
    this.deferral = deferral;
    this.clock = clock;
  }

  /// Where the message goes: on to routing, into a lane, to the quarantine, to hold, or into a
  /// report.
  ///
  /// @param body {@link Filtered}, or mail that no filter of the route was asked about
  @HandsOver({Queues.ROUTING, Queues.ANY_DEFERRED, Queues.QUARANTINE, Queues.HOLD, Queues.REPORT})
  public Handover settle(Object body) {
    Filtered filtered =
        switch (body) {
          case Filtered done -> done;
          case Mail mail -> Filtered.of(mail);
          default -> throw new IllegalArgumentException("not a message: " + body.getClass());
        };
    Mail mail = filtered.mail();
    return switch (filtered.judgement()) {
      case Judgement.Pass _ -> passed(mail);
      case Judgement.Quarantine(String why) -> detained(filtered, why);
      case Judgement.Discard _, Judgement.Taken _ -> Handover.of(List.of());
      case Judgement.Disconnect(Reply reply) -> waiting(mail, reason(reply));
      case Judgement.Refuse(Reply reply) ->
          reply.permanentFailure() ? refused(filtered, reply) : waiting(mail, reason(reply));
      case Judgement.NoAnswer _ -> waiting(mail, NO_ANSWER);
    };
  }

  private static Handover to(String queue, Mail mail) {
    return Handover.of(List.of(new Task(queue, mail)));
  }

  private static Handover passed(Mail mail) {
    return to(Queues.ROUTING, unfiltered(mail));
  }

  private static Mail unfiltered(Mail mail) {
    return mail.with(
        mail.envelope().with(mail.envelope().passage().whole()).through(Optional.empty()));
  }

  /// Released from the quarantine, it comes through the route again, past the filters that it has
  /// been shown to.
  private Handover detained(Filtered filtered, String why) {
    Mail mail = filtered.mail();
    var custody = new Custody(filtered.filter(), why, filtered.score(), clock.instant());
    return to(
        Queues.QUARANTINE, mail.with(mail.envelope().with(mail.envelope().passage().in(custody))));
  }

  private Handover refused(Filtered filtered, Reply reply) {
    Mail mail = filtered.mail();
    return switch (settings.refused()) {
      case DISCARD -> Handover.of(List.of());
      case REPORT ->
          mail.envelope().client().trusted()
              ? reported(mail, reply)
              : detained(filtered, reply.toString());
      case QUARANTINE -> detained(filtered, reply.toString());
    };
  }

  /// Somebody is to be told: else it was dropped.
  private static Handover reported(Mail mail, Reply reply) {
    var told = new ArrayList<Recipient>();
    for (Recipient recipient : mail.recipients()) {
      if (recipient.wants(Notify.Event.FAILURE, true)) {
        told.add(recipient.because(reason(reply)));
      }
    }
    return Handover.of(
        List.of(new Task(Queues.REPORT, new Notice(Notice.Action.FAILED, mail.with(told)))));
  }

  /// Waits in a lane, as long as there is patience, and as long as mail may wait: too old, it would
  /// be returned to a sender who may never have sent it.
  private Handover waiting(Mail mail, Reason reason) {
    Duration age = Duration.between(mail.envelope().arrived(), clock.instant());
    boolean patient = age.compareTo(settings.patience()) < 0;
    if (patient && !deferral.isOver(mail)) {
      return deferral.defer(mail, reason);
    }
    Optional<String> filter = mail.envelope().filter().map(NamedTransport::name);
    // the other filter gives no answer either
    boolean substituted = filter.filter(settings.failing()::equals).isPresent();
    String instead = substituted ? "hold" : settings.failing();
    Events.tell(
        new FilterEvent.Unanswered(
            filter.orElse("filter"),
            mail.id(),
            "not for "
                + shown(patient ? age.truncatedTo(ChronoUnit.SECONDS) : settings.patience())
                + ": "
                + reason.text(),
            instead));
    return switch (instead) {
      case "hold" -> to(Queues.HOLD, mail);
      case "mark" -> marked(FilterHouse.marked(mail, reason.text()));
      default ->
          to(
              Queues.ROUTING,
              mail.with(
                  mail.envelope()
                      .with(mail.envelope().passage().whole())
                      .through(Optional.of(new NamedTransport(settings.failing(), "")))));
    };
  }

  /// Goes on, unless a filter before the one that gives no answer has set it aside.
  private Handover marked(Mail mail) {
    Filtered before = Filtered.of(mail);
    return before.judgement() instanceof Judgement.Quarantine(String why)
        ? detained(before, why)
        : passed(mail);
  }

  /// `24h`, `1h30m`
  private static String shown(Duration time) {
    return time.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }

  private static Reason reason(Reply reply) {
    return Reason.of(
        reply.status().map(Status::toString).orElse(reply.permanentFailure() ? "5.7.1" : "4.7.1"),
        String.join(" ", reply.lines()));
  }
}
