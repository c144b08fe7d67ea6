package org.caravanmta.filter.contract;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.caravanmta.message.Client;
import org.caravanmta.policy.DialogueEvent;
import org.jspecify.annotations.Nullable;

/// A session as one of a filter's servers follows it. What has been said is remembered, for another
/// server that has to take over.
final class ServedFollower implements Follower {
  private final Lock lock = new ReentrantLock();
  private final ServerChoice<DialogueFilter> servers;
  private final boolean patient;
  private final List<DialogueEvent> session = new ArrayList<>();
  private final List<DialogueEvent> transaction = new ArrayList<>();
  private @Nullable Followed current;
  private boolean told;

  /// How one server follows it.
  private static final class Followed {
    private final FilterServer<DialogueFilter> server;
    private final Follower follower;

    /// Whether the server is still to be told what has come of asking it.
    private boolean owed = true;

    private boolean answered;
    private boolean failed;

    Followed(FilterServer<DialogueFilter> server) {
      this.server = server;
      this.follower = server.filter().follow();
      server.begin();
    }

    void succeeds(long nanos) {
      owed = false;
      server.took(nanos);
      server.answered(nanos);
    }

    /// A filter that fails says so until the next transaction.
    void fails(String why, long nanos) {
      if (!failed) {
        server.failed(why, nanos);
      }
      owed = false;
      failed = true;
    }

    void leave() {
      server.end();
      if (owed && answered) {
        server.answered(0);
      } else if (owed) {
        server.unasked();
      }
      follower.close();
    }
  }

  /// @param patient whether a trial of a server is waited for
  ServedFollower(ServerChoice<DialogueFilter> servers, boolean patient) {
    this.servers = servers;
    this.patient = patient;
  }

  @Override
  public Judgement hear(Client client, DialogueEvent event) {
    lock.lock();
    try {
      told = true;
      remember(event);
      if (current == null && event.kind() == DialogueEvent.Kind.RESET) {
        return Judgement.PASS;
      }
      boolean begins =
          event.kind() == DialogueEvent.Kind.CONNECT || event.kind() == DialogueEvent.Kind.MAIL;
      Judgement judgement =
          asked(
                  client,
                  begins,
                  new Question(
                      Optional.of(event), each -> FilterAnswer.of(each.hear(client, event))))
              .judgement();
      if (judgement instanceof Judgement.Refuse) {
        transaction.remove(event);
      }
      return judgement;
    } finally {
      lock.unlock();
    }
  }

  /// What a server is asked.
  ///
  /// @param event that it is told of; absent if it is asked about the whole message
  private record Question(Optional<DialogueEvent> event, Function<Follower, FilterAnswer> of) {}

  private void remember(DialogueEvent event) {
    switch (event) {
      case DialogueEvent.Connected _ -> {
        session.clear();
        transaction.clear();
        session.add(event);
      }
      case DialogueEvent.Greeted _ -> {
        session.removeIf(DialogueEvent.Greeted.class::isInstance);
        transaction.clear();
        session.add(event);
      }
      case DialogueEvent.Sender _ -> {
        transaction.clear();
        transaction.add(event);
      }
      case DialogueEvent.Reset _ -> transaction.clear();
      case DialogueEvent.Recipient _, DialogueEvent.Refused _, DialogueEvent.Data _ ->
          transaction.add(event);
      case DialogueEvent.Unknown _ -> {
        // nobody has to hear of it later
      }
    }
  }

  /// Asks the server that follows, or another.
  ///
  /// @param begins whether another may take over from one that has failed before
  private FilterAnswer asked(Client client, boolean begins, Question question) {
    Followed before = current;
    if (before != null && before.failed && begins) {
      // it may be the same once more, if it may be asked again
      leave(before);
    }
    boolean fresh = current == null;
    if (current == null) {
      Optional<FilterServer<DialogueFilter>> first = servers.next(patient, List.of());
      if (first.isEmpty()) {
        return FilterAnswer.of(servers.resting());
      }
      current = new Followed(first.get());
    }
    long start = servers.ticks();
    FilterAnswer answer = asked(current, fresh, client, question);
    var tried = new ArrayList<FilterServer<DialogueFilter>>();
    FilterAnswer last = answer;
    while (isOfTheServer(last)
        && (fresh || question.event().isEmpty())
        && servers.isPrompt(start)) {
      tried.add(current.server);
      Optional<FilterServer<DialogueFilter>> other = servers.next(patient, tried);
      if (other.isEmpty()) {
        return answer;
      }
      leave(current);
      current = new Followed(other.get());
      fresh = true;
      last = asked(current, true, client, question);
    }
    return isOfTheServer(last) ? answer : last;
  }

  private static boolean isOfTheServer(FilterAnswer answer) {
    return answer.judgement() instanceof Judgement.NoAnswer(_, var cause)
        && cause == Judgement.NoAnswer.Cause.SERVER;
  }

  private FilterAnswer asked(Followed now, boolean fresh, Client client, Question question) {
    long start = servers.ticks();
    Optional<FilterAnswer> early = fresh ? caughtUp(now, client, question) : Optional.empty();
    FilterAnswer answer = early.isPresent() ? early.get() : question.of().apply(now.follower);
    long took = servers.ticks() - start;
    if (answer.judgement() instanceof Judgement.NoAnswer(String why, var cause)
        && cause != Judgement.NoAnswer.Cause.MESSAGE) {
      now.fails(why, took);
    } else if (question.event().isEmpty()) {
      now.succeeds(took);
    } else {
      now.answered = true;
    }
    return answer;
  }

  /// Tells a server what has been said before the question; present if it has something against it.
  private Optional<FilterAnswer> caughtUp(Followed now, Client client, Question question) {
    var said = new ArrayList<>(session);
    said.addAll(transaction);
    for (DialogueEvent each : said) {
      if (question.event().filter(asked -> asked == each).isEmpty()) {
        Judgement judgement = now.follower.hear(client, each);
        if (!(judgement instanceof Judgement.Pass)) {
          return Optional.of(FilterAnswer.of(judgement));
        }
      }
    }
    return Optional.empty();
  }

  private void leave(Followed left) {
    current = null;
    left.leave();
  }

  @Override
  public Set<DialogueEvent.Kind> wanted() {
    lock.lock();
    try {
      // another server may have to be told all of it
      return current == null || current.failed
          ? EnumSet.allOf(DialogueEvent.Kind.class)
          : current.follower.wanted();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isTold() {
    lock.lock();
    try {
      return told;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public FilterAnswer examine(Examined message) {
    lock.lock();
    try {
      return asked(
          message.mail().envelope().client(),
          false,
          new Question(Optional.empty(), each -> each.examine(message)));
    } finally {
      transaction.clear();
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      Followed left = current;
      if (left != null) {
        leave(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
