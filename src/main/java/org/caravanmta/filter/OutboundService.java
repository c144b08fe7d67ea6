package org.caravanmta.filter;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.event.Events;
import org.caravanmta.event.FilterEvent;
import org.caravanmta.filter.contract.Edit;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.ServerChoice;
import org.caravanmta.filter.hooks.HooksAddress;
import org.caravanmta.filter.hooks.HooksService;
import org.caravanmta.filter.hooks.HooksStage;
import org.caravanmta.filter.hooks.HooksTerms;
import org.caravanmta.filter.hooks.OutboundAnswer;
import org.caravanmta.filter.hooks.OutboundFacts;
import org.caravanmta.filter.hooks.OutboundHooks;
import org.caravanmta.filter.hooks.RecipientOutcome;
import org.caravanmta.message.ContentWriter;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;
import org.caravanmta.retry.OutcomeHearing;
import org.caravanmta.stage.House;

/// A service that speaks MTA Hooks, and hears of deliveries and reports. One that gives no answer
/// changes nothing.
final class OutboundService implements AutoCloseable {
  private static final Set<HooksStage> ALL =
      EnumSet.of(HooksStage.DELIVERY, HooksStage.DEFER, HooksStage.DSN);

  /// What a body in a queue message may have, as usual.
  private static final int INLINE = 16 * 1024;

  private final String name;
  private final Set<HooksStage> stages;
  private final ServerChoice<Server> servers;
  private final House house;

  /// One of its servers.
  private record Server(HooksService service, OutboundHooks hooks) {}

  private OutboundService(
      String name, Set<HooksStage> stages, ServerChoice<Server> servers, House house) {
    this.name = name;
    this.stages = stages;
    this.servers = servers;
    this.house = house;
  }

  /// @throws IllegalArgumentException says what is wrong with the line
  static OutboundService of(FilterWords words, FilterPatience usual, House house) {
    if (words.kind() != FilterWords.Kind.HTTP) {
      throw words.wrong("expected http, since no other kind hears of deliveries");
    }
    words.only(words.kind().options());
    if (words.option("default-action").isPresent()) {
      throw words.wrong("a service that gives no answer changes nothing: no default-action");
    }
    Set<HooksStage> stages = EnumSet.noneOf(HooksStage.class);
    words
        .option("stages")
        .ifPresentOrElse(
            text -> {
              for (String stage : text.split("\\+")) {
                stages.add(words.pick(HooksStage.class, stage));
              }
            },
            () -> stages.addAll(ALL));
    if (!ALL.containsAll(stages)) {
      throw words.wrong(
          "expected stages of delivery, defer and dsn, found "
              + words.option("stages").orElseThrow());
    }
    FilterPatience patience = words.patience(usual);
    var terms =
        new HooksTerms(house.hostname(), words.option("token"), stages, words.serialization());
    return new OutboundService(
        words.shown(),
        stages,
        new ServerChoice<>(
            words.shown(),
            words.each(
                place -> {
                  var service = new HooksService(place, terms, patience, house.clock());
                  return new Server(service, new OutboundHooks(service));
                }),
            new ServerChoice.Terms(
                patience.connect().plus(patience.command()),
                Duration.ZERO,
                house.clock(),
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextLong())),
        house);
  }

  /// What it wants of an attempt, after another has said what it wants.
  WantedOutcome outcome(
      TaskOutcome outcome, OutcomeHearing.Plan plan, OutcomeHearing.Heard before) {
    Mail mail = outcome.mail();
    try {
      var wanted = new WantedOutcome(outcome, plan, before);
      if (stages.contains(HooksStage.DELIVERY)) {
        settle("delivery", wanted, mail, hooks -> hooks.delivery(facts(wanted)));
      }
      if (stages.contains(HooksStage.DEFER) && wanted.isWaiting()) {
        settle("defer", wanted, mail, hooks -> hooks.defer(facts(wanted)));
      }
      return wanted;
    } catch (RuntimeException e) {
      Events.tell(new FilterEvent.Broken(name, mail.id(), e));
      return new WantedOutcome(outcome, plan, before);
    }
  }

  private void settle(
      String stage,
      WantedOutcome wanted,
      Mail mail,
      Function<OutboundHooks, OutboundAnswer> question) {
    switch (ask(question)) {
      case OutboundAnswer.Proceed() -> {
        // as it is
      }
      case OutboundAnswer.NoAnswer(var none) -> unanswered(mail, none);
      case OutboundAnswer.Cancel() -> {
        wanted.cancel();
        note(mail, stage + ": cancelled");
      }
      case OutboundAnswer.Change(var recipients, var edits) -> {
        String note = wanted.change(recipients, edits);
        note(mail, stage + ": " + note);
      }
      case OutboundAnswer.SuppressReport _ -> throw new IllegalStateException(stage);
    }
  }

  private void note(Mail mail, String note) {
    Events.tell(new FilterEvent.Passed(name, mail.id(), note));
  }

  private void unanswered(Mail mail, Judgement.NoAnswer none) {
    Events.tell(new FilterEvent.Unanswered(name, mail.id(), none.why(), "unchanged"));
  }

  private OutboundAnswer ask(Function<OutboundHooks, OutboundAnswer> question) {
    return servers.ask(
        false,
        server -> question.apply(server.hooks()),
        answer ->
            answer instanceof OutboundAnswer.NoAnswer(var none)
                ? Optional.of(none)
                : Optional.empty(),
        OutboundAnswer.NoAnswer::new);
  }

  private OutboundFacts facts(WantedOutcome wanted) {
    Mail mail = wanted.mail();
    return new OutboundFacts(
        mail.id(),
        house.hostname(),
        HooksAddress.of(mail.reversePath(), mail.envelope().parameters()),
        wanted.outcomes(),
        wanted.attempt(),
        Optional.of(wanted.plan().expires()),
        Optional.of(examined(mail)));
  }

  private Examined examined(Mail mail) {
    return new Examined(
        mail,
        house.hostname(),
        house.store()::read,
        () -> new ContentWriter(house.store(), house.ids().next(), INLINE, ContentWriter.Ends.CRLF),
        true);
  }

  /// A report as it wants it; absent if it is not to be sent.
  Optional<Mail> report(Notice notice, Mail report) {
    if (!stages.contains(HooksStage.DSN)) {
      return Optional.of(report);
    }
    try {
      return switch (ask(hooks -> hooks.dsn(facts(notice, report)))) {
        case OutboundAnswer.Proceed() -> Optional.of(report);
        case OutboundAnswer.NoAnswer(var none) -> {
          unanswered(notice.mail(), none);
          yield Optional.of(report);
        }
        case OutboundAnswer.Cancel(), OutboundAnswer.SuppressReport _ -> {
          note(notice.mail(), "dsn: no report is sent");
          yield Optional.empty();
        }
        case OutboundAnswer.Change(var _, var edits) -> {
          note(notice.mail(), "dsn: the report is changed");
          yield Optional.of(EditedMail.edit(report, ofContent(edits), List::of));
        }
      };
    } catch (RuntimeException e) {
      Events.tell(new FilterEvent.Broken(name, notice.mail().id(), e));
      return Optional.of(report);
    }
  }

  /// A report goes from nobody to the sender, whatever a service wants (RFC 3464 §2).
  private static List<Edit> ofContent(List<Edit> edits) {
    return edits.stream()
        .filter(
            edit ->
                !(edit instanceof Edit.AddRecipient
                    || edit instanceof Edit.RemoveRecipient
                    || edit instanceof Edit.ChangeSender))
        .toList();
  }

  private OutboundFacts facts(Notice notice, Mail report) {
    Mail mail = notice.mail();
    var recipients = new ArrayList<RecipientOutcome>();
    for (Notice part : notice.parts()) {
      RecipientOutcome.State state =
          switch (part.action()) {
            case FAILED -> RecipientOutcome.State.FAILED;
            case DELAYED -> RecipientOutcome.State.DEFERRED;
            case DELIVERED, RELAYED, EXPANDED, VERIFIED -> RecipientOutcome.State.DELIVERED;
          };
      for (Recipient recipient : part.mail().recipients()) {
        recipients.add(
            new RecipientOutcome(
                HooksAddress.of(recipient),
                state,
                mail.envelope().progress().attempt() + 1,
                recipient.last().map(WantedOutcome::reply),
                Optional.<Instant>empty(),
                Optional.<Instant>empty(),
                Optional.empty()));
      }
    }
    return new OutboundFacts(
        mail.id(),
        house.hostname(),
        HooksAddress.of(mail.reversePath(), mail.envelope().parameters()),
        recipients,
        mail.envelope().progress().attempt() + 1,
        Optional.empty(),
        Optional.of(examined(report)));
  }

  @Override
  public void close() {
    servers.close(server -> server.service().close());
  }
}
