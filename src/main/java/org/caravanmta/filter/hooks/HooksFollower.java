package org.caravanmta.filter.hooks;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Follower;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.Playback;
import org.caravanmta.message.Client;
import org.caravanmta.message.Envelope;
import org.caravanmta.policy.DialogueEvent;

/// A session as a service that speaks MTA Hooks follows it: each step is a request by itself, with
/// all that is known by then.
final class HooksFollower implements Follower {
  private final Lock lock = new ReentrantLock();
  private final HooksService service;
  private final HooksSession session;
  private final String hostname;
  private boolean told;
  private Optional<HooksAddress> sender = Optional.empty();
  private final List<HooksAddress> recipients = new ArrayList<>();

  /// The keys of the recipients that it has been told of.
  private final Set<String> heard = new HashSet<>();

  private Optional<String> queueId = Optional.empty();

  HooksFollower(HooksService service, String hostname) {
    this.service = service;
    this.session = new HooksSession(service);
    this.hostname = hostname;
  }

  @Override
  public Judgement hear(Client client, DialogueEvent event) {
    lock.lock();
    try {
      told = true;
      return judged(client, event);
    } finally {
      lock.unlock();
    }
  }

  private Judgement judged(Client client, DialogueEvent event) {
    return switch (event) {
      case DialogueEvent.Recipient _ when sender.isEmpty() ->
          // an earlier filter has decided MAIL: it is asked about both when there is a message
          Judgement.PASS;
      case DialogueEvent.Connected _ -> {
        forget();
        yield session.connect(facts(client));
      }
      case DialogueEvent.Greeted _ -> {
        forget();
        yield session.ehlo(facts(client));
      }
      case DialogueEvent.Sender from -> {
        forget();
        sender = Optional.of(HooksAddress.of(from.given(), from.parameters()));
        Judgement judgement = session.mail(facts(client));
        if (judgement instanceof Judgement.Refuse) {
          forget();
        }
        yield judgement;
      }
      case DialogueEvent.Recipient to -> {
        queueId = to.queueId();
        heard.add(to.recipient().key());
        recipients.add(HooksAddress.of(to.given(), to.parameters()));
        Judgement judgement = session.rcpt(facts(client));
        if (judgement instanceof Judgement.Refuse) {
          recipients.removeLast();
        }
        yield judgement;
      }
      case DialogueEvent.Reset _ -> {
        forget();
        yield Judgement.PASS;
      }
      case DialogueEvent.Refused _, DialogueEvent.Data _, DialogueEvent.Unknown _ -> Judgement.PASS;
    };
  }

  private SessionFacts facts(Client client) {
    return new SessionFacts(client, hostname, queueId, sender, recipients);
  }

  private void forget() {
    sender = Optional.empty();
    recipients.clear();
    heard.clear();
    queueId = Optional.empty();
  }

  @Override
  public Set<DialogueEvent.Kind> wanted() {
    var wanted = EnumSet.noneOf(DialogueEvent.Kind.class);
    if (service.isFor(HooksStage.CONNECT)) {
      wanted.add(DialogueEvent.Kind.CONNECT);
    }
    if (service.isFor(HooksStage.EHLO)) {
      wanted.add(DialogueEvent.Kind.HELO);
    }
    if (service.isFor(HooksStage.MAIL) || service.isFor(HooksStage.RCPT)) {
      wanted.add(DialogueEvent.Kind.MAIL);
      wanted.add(DialogueEvent.Kind.RESET);
    }
    if (service.isFor(HooksStage.RCPT)) {
      wanted.add(DialogueEvent.Kind.RCPT);
    }
    return wanted;
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
      Judgement before = beforeContent(message.mail().envelope());
      return before instanceof Judgement.Pass
          ? new HooksFilter(service).examine(message)
          : FilterAnswer.of(before);
    } finally {
      forget();
      lock.unlock();
    }
  }

  /// Asks about what it has not been told of, since an earlier filter has decided it.
  private Judgement beforeContent(Envelope envelope) {
    if (!service.isFor(HooksStage.MAIL) && !service.isFor(HooksStage.RCPT)) {
      return Judgement.PASS;
    }
    var events = new ArrayList<DialogueEvent>();
    if (sender.isEmpty()) {
      events.add(Playback.sender(envelope));
    }
    events.addAll(Playback.missed(envelope, heard, true));
    for (DialogueEvent event : events) {
      Judgement judgement = judged(envelope.client(), event);
      if (!(judgement instanceof Judgement.Pass)) {
        return judgement;
      }
    }
    return Judgement.PASS;
  }

  @Override
  public void close() {
    // nothing is kept between requests
  }
}
