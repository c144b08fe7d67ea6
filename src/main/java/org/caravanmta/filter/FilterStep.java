package org.caravanmta.filter;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import org.caravanmta.address.ReversePath;
import org.caravanmta.filter.contract.DialogueFilter;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Follower;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.MessageFilter;
import org.caravanmta.filter.contract.Playback;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.policy.SessionKeep;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.jspecify.annotations.Nullable;

/// A content filter as a route's step.
public final class FilterStep implements AutoCloseable {
  private final String written;
  private final StepNews news;
  private final DefaultAction defaultAction;
  private final FilterHouse house;
  private final MessageFilter whole;
  private final Optional<DialogueFilter> following;
  private final LaterStep afterQueue;

  private FilterStep(
      String written,
      DefaultAction defaultAction,
      FilterHouse house,
      MessageFilter whole,
      Optional<DialogueFilter> following) {
    this.written = written;
    this.news = new StepNews(written);
    this.defaultAction = defaultAction;
    this.house = house;
    this.whole = whole;
    this.following = following;
    this.afterQueue = new LaterStep(written, news, defaultAction, house, whole);
  }

  /// Of a filter that sees whole messages.
  static FilterStep of(
      String written, DefaultAction defaultAction, FilterHouse house, MessageFilter filter) {
    return new FilterStep(written, defaultAction, house, filter, Optional.empty());
  }

  /// Of a filter that follows the dialogue.
  static FilterStep of(
      String written, DefaultAction defaultAction, FilterHouse house, DialogueFilter filter) {
    return new FilterStep(written, defaultAction, house, new Playback(filter), Optional.of(filter));
  }

  /// Whether the filter wants to be told of each step of the dialogue.
  boolean follows() {
    return following.isPresent();
  }

  /// The case as the filter leaves it.
  ///
  /// @param keep what is kept for the client's session; null for a question from elsewhere
  public Case check(Case c, @Nullable SessionKeep keep) {
    try {
      return checked(c, keep);
    } catch (SessionKeep.Over e) {
      throw e;
    } catch (RuntimeException e) {
      return switch (c) {
        case Case.Event event -> broken(event, e, keep);
        case Case.Message message -> unanswered(message, news.broken(message.mail().id(), e));
        case Case.Connection _, Case.Rcpt _, Case.Data _ -> c;
      };
    }
  }

  private Case checked(Case c, @Nullable SessionKeep keep) {
    return switch (c) {
      case Case.Event event -> following.isEmpty() || keep == null ? c : heard(event, keep);
      case Case.Message message when isAsked(message) || isLeft(message) && follows() ->
          seen(message, keep);
      case Case.Message message -> {
        unseen(message, keep);
        yield message;
      }
      case Case.Connection _, Case.Rcpt _, Case.Data _ -> c;
    };
  }

  /// What is held is not shown to a filter that takes over what it passes: it would be delivered.
  private boolean isAsked(Case.Message message) {
    return isToBeSeen(message.verdict())
        && !(message.outcome() instanceof Verdict.Hold && whole.takesOver());
  }

  /// A message that is held is seen too: released, it goes on without being asked about again.
  private static boolean isToBeSeen(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold _ -> true;
      case Verdict.Defer _, Verdict.Reject _, Verdict.Discard _, Verdict.Taken _ -> false;
    };
  }

  /// Whether filters before have removed each recipient. As in Postfix, one that follows the
  /// dialogue is asked all the same: it may refuse the message, set it aside, or add a recipient.
  private static boolean isLeft(Case.Message message) {
    return message.verdict().equals(FilterHouse.LEFT);
  }

  /// What is known of the transaction under way, and why the filter has set its message aside.
  private static final class Transaction implements AutoCloseable {
    private Optional<ReversePath> sender = Optional.empty();
    private Optional<String> aside = Optional.empty();

    private void heard(DialogueEvent event) {
      switch (event) {
        case DialogueEvent.Sender from -> begin(Optional.of(from.sender()));
        case DialogueEvent.Connected _, DialogueEvent.Greeted _, DialogueEvent.Reset _ ->
            begin(Optional.empty());
        case DialogueEvent.Recipient _,
            DialogueEvent.Refused _,
            DialogueEvent.Data _,
            DialogueEvent.Unknown _ -> {
          // within it
        }
      }
    }

    private void begin(Optional<ReversePath> by) {
      sender = by;
      aside = Optional.empty();
    }

    @Override
    public void close() {
      // nothing is held
    }
  }

  private Follower follower(SessionKeep keep) {
    return keep.of(this, Follower.class, () -> following.orElseThrow().follow());
  }

  private Case heard(Case.Event event, SessionKeep keep) {
    Follower follower = follower(keep);
    if (!(event.event() instanceof DialogueEvent.Connected) && !follower.isTold()) {
      // a condition of the route did not hold when the client connected, and does now, since it has
      // logged in: the filter is played all of it when there is a message
      return event;
    }
    boolean binds = binds(event.event());
    if (binds && !isToBeSeen(event.verdict())) {
      // an earlier filter has refused it
      return event.wanting(follower.wanted());
    }
    Transaction transaction = transaction(keep);
    transaction.heard(event.event());
    Judgement judgement = follower.hear(event.client(), event.event());
    Case.Event answered = event.wanting(follower.wanted());
    if (!binds) {
      return answered;
    }
    if (judgement instanceof Judgement.NoAnswer(String why, _)) {
      judgement = instead(event, why);
    }
    if (!(judgement instanceof Judgement.Pass)) {
      news.judged(event, transaction.sender, judgement);
    }
    return decided(answered, judgement, keep);
  }

  /// With what follows from the judgement. What an earlier filter wants set aside stays so.
  private Case decided(Case.Event event, Judgement judgement, @Nullable SessionKeep keep) {
    if (judgement instanceof Judgement.Quarantine(String why) && keep != null) {
      transaction(keep).aside = Optional.of(why);
    }
    return judgement instanceof Judgement.Pass ? event : event.decided(verdict(judgement));
  }

  private Transaction transaction(SessionKeep keep) {
    return keep.of(news, Transaction.class, Transaction::new);
  }

  /// What stands for an answer. A filter that fails before there is a message is asked again when
  /// there is one: one failure does not cost a long session its mail.
  private Judgement instead(Case.Event event, String why) {
    news.unanswered(StepNews.id(event.event()), why, defaultAction.word());
    boolean early =
        switch (event.event().kind()) {
          case CONNECT, HELO, UNKNOWN -> true;
          case MAIL, RCPT, REFUSED, DATA, RESET -> false;
        };
    return early && defaultAction != DefaultAction.SHUTDOWN
        ? Judgement.PASS
        : defaultAction.judgement(why);
  }

  /// Tells a filter that follows the dialogue that the message it has heard of is not to be seen.
  private void unseen(Case.Message message, @Nullable SessionKeep keep) {
    if (keep != null && following.isPresent()) {
      Follower follower = follower(keep);
      if (follower.isTold()) {
        var _ = follower.hear(message.client(), new DialogueEvent.Reset());
      }
    }
  }

  private Case seen(Case.Message message, @Nullable SessionKeep keep) {
    Mail mail = message.mail();
    FilterAnswer answer = examined(mail, keep);
    Judgement judgement = answer.judgement();
    Case judged;
    if (judgement instanceof Judgement.NoAnswer(String why, _)) {
      judged = unanswered(message, why);
    } else {
      news.answered(mail, answer);
      judged = judged(message, judgement, answer);
    }
    return keep == null || following.isEmpty() ? judged : aside(judged, transaction(keep));
  }

  /// With a note of what has set it aside, if this filter has done so before there was a message.
  private Case aside(Case judged, Transaction transaction) {
    Optional<String> why = transaction.aside;
    transaction.aside = Optional.empty();
    return why.isPresent()
            && judged instanceof Case.Message message
            && message.verdict() instanceof Verdict.Hold(_, String queue)
            && queue.equals(Queues.QUARANTINE)
            && message.mail().envelope().passage().custody().isEmpty()
        ? message.with(house.detained(message.mail(), written, why.get(), OptionalDouble.empty()))
        : judged;
  }

  private Case judged(Case.Message message, Judgement judgement, FilterAnswer answer) {
    return switch (judgement) {
      case Judgement.Pass _ -> {
        Case.Message edited = edited(message, answer);
        yield edited.mail().recipients().isEmpty() ? left(message, edited, answer) : edited;
      }
      case Judgement.Quarantine(String why) -> {
        Case.Message edited = edited(message, answer);
        yield isToBeSeen(edited.verdict())
            ? house.detained(edited, written, why, answer.score())
            : edited;
      }
      case Judgement.Refuse _,
          Judgement.Disconnect _,
          Judgement.Discard _,
          Judgement.Taken _,
          Judgement.NoAnswer _ -> {
        house.refused(message.mail(), written, judgement, answer.score());
        yield message.decided(verdict(judgement));
      }
    };
  }

  private Case.Message left(Case.Message message, Case.Message edited, FilterAnswer answer) {
    Mail mail = message.mail();
    if (!isLeft(message)) {
      news.judged(mail, FilterHouse.NOBODY);
      house.refused(mail, written, FilterHouse.NOBODY, answer.score());
    }
    // a body that this filter has made is given back, and the fields that describe it with it
    return edited.mail().content().equals(mail.content())
        ? edited.with(edited.mail().with(mail.recipients())).decided(FilterHouse.LEFT)
        : message.decided(FilterHouse.LEFT);
  }

  /// With the edits of an answer; refused, if they cannot be made.
  private Case.Message edited(Case.Message message, FilterAnswer answer) {
    Case.Message edited = house.edited(message, answer).orTooMany();
    switch (edited.verdict()) {
      case Verdict.Defer(Reply reply) -> news.judged(message.mail(), new Judgement.Refuse(reply));
      case Verdict.Reject(Reply reply) -> news.judged(message.mail(), new Judgement.Refuse(reply));
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Hold _,
          Verdict.Discard _,
          Verdict.Taken _ -> {
        // nothing more to say
      }
    }
    return edited;
  }

  private Case unanswered(Case.Message message, String why) {
    Mail mail = message.mail();
    news.unanswered(mail.id(), why, defaultAction.word());
    Judgement judgement = defaultAction.judgement(why);
    if (judgement instanceof Judgement.Pass) {
      return defaultAction == DefaultAction.MARK
          ? message.with(FilterHouse.marked(mail, written))
          : message;
    }
    news.judged(mail, judgement);
    return judged(message, judgement, FilterAnswer.of(judgement));
  }

  private Case broken(Case.Event event, RuntimeException why, @Nullable SessionKeep keep) {
    String told = news.broken(StepNews.id(event.event()), why);
    Case.Event answered = event.wanting(EnumSet.allOf(DialogueEvent.Kind.class));
    return isToBeSeen(event.verdict()) && binds(event.event())
        ? decided(answered, instead(event, told), keep)
        : answered;
  }

  private static boolean binds(DialogueEvent event) {
    return switch (event.kind()) {
      case REFUSED, RESET -> false;
      case CONNECT, HELO, MAIL, RCPT, DATA, UNKNOWN -> true;
    };
  }

  private FilterAnswer examined(Mail mail, @Nullable SessionKeep keep) {
    if (keep != null && following.isPresent()) {
      Follower follower = follower(keep);
      if (follower.isTold()) {
        return follower.examine(house.examined(mail, false));
      }
    }
    return whole.examine(house.examined(mail, false));
  }

  /// The message as the filter leaves it, after the queue.
  public Filtered check(Filtered filtered) {
    return afterQueue.check(filtered);
  }

  /// What the filter says now of a message in the quarantine. Nothing stands in for an answer.
  public SecondOpinion again(Mail mail) {
    return afterQueue.again(mail);
  }

  private static Verdict verdict(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Pass() -> Verdict.UNDECIDED;
      case Judgement.Refuse(Reply reply) ->
          reply.permanentFailure() ? new Verdict.Reject(reply) : new Verdict.Defer(reply);
      case Judgement.Disconnect(Reply reply) -> new Verdict.Defer(reply);
      case Judgement.Discard(String why) -> new Verdict.Discard(why);
      case Judgement.Taken(Reply reply) -> new Verdict.Taken(reply);
      case Judgement.Quarantine(String why) -> new Verdict.Hold(why, Queues.QUARANTINE);
      case Judgement.NoAnswer(String why, _) -> throw new IllegalStateException(why);
    };
  }

  /// A server that has failed again and again, and is left alone for a while, may be tried at once.
  void revive() {
    whole.revive();
  }

  @Override
  public void close() {
    whole.close();
  }
}
