package org.caravanmta.filter.milter;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.filter.contract.EditedMail;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.FilterAnswer;
import org.caravanmta.filter.contract.Follower;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.filter.contract.Playback;
import org.caravanmta.filter.contract.UnreadableMessage;
import org.caravanmta.message.Client;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Headers;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.smtp.Reply;

/// A session as a milter follows it: gives each step to the {@link MilterSession}, with the macros
/// that Postfix has at that point.
final class MilterFollower implements Follower {
  private final Lock lock = new ReentrantLock();
  private final MilterSession session;
  private final MilterHouse house;

  /// The keys of the recipients of the transaction.
  private final Set<String> recipientsTold = new HashSet<>();

  private int connections;
  private boolean told;
  private boolean greeted;
  private boolean dataTold;
  private Optional<DialogueEvent.Sender> sender = Optional.empty();
  private Optional<String> queueId = Optional.empty();

  MilterFollower(MilterSession session, MilterHouse house) {
    this.session = session;
    this.house = house;
  }

  @Override
  public Judgement hear(Client client, DialogueEvent event) {
    lock.lock();
    try {
      return told(client, event);
    } finally {
      lock.unlock();
    }
  }

  private Judgement told(Client client, DialogueEvent event) {
    return switch (event) {
      case DialogueEvent.Recipient _, DialogueEvent.Refused _, DialogueEvent.Data _
          when sender.isEmpty() ->
          // it has not been told of MAIL, which an earlier filter has decided; it is told all of
          // the transaction when there is a message
          Judgement.PASS;
      case DialogueEvent.Connected(int number) -> {
        told = true;
        connections = number;
        greeted = false;
        forget();
        yield session.connect(
            new MilterClient(client.name(), client.address(), client.port()),
            macros(client)::value);
      }
      case DialogueEvent.Greeted() -> {
        forget();
        greeted = true;
        yield session.helo(client.helo(), macros(client)::value);
      }
      case DialogueEvent.Sender from -> {
        forget();
        if (!greeted && !client.helo().isEmpty()) {
          // it does not want to be told of HELO, but may want what it was given with it
          greeted = true;
          session.helo(client.helo(), macros(client)::value);
        }
        sender = Optional.of(from);
        Judgement judgement =
            session.mail(path(from.given()), from.parameters(), macros(client)::value);
        if (judgement instanceof Judgement.Refuse) {
          forget();
        }
        yield judgement;
      }
      case DialogueEvent.Recipient to -> {
        queueId = to.queueId();
        recipientsTold.add(to.recipient().key());
        yield session.rcpt(
            path(to.given()),
            to.parameters(),
            macros(client, Optional.of(to), Optional.empty())::value);
      }
      case DialogueEvent.Refused(DialogueEvent.Recipient to, Reply said) -> {
        session.refused(
            path(to.given()),
            to.parameters(),
            macros(client, Optional.of(to), Optional.of(said))::value);
        yield Judgement.PASS;
      }
      case DialogueEvent.Data(String id) -> {
        queueId = Optional.of(id);
        dataTold = true;
        yield session.data(macros(client)::value);
      }
      case DialogueEvent.Unknown(String verb) -> session.unknown(verb, macros(client)::value);
      case DialogueEvent.Reset() -> {
        session.abort();
        forget();
        yield Judgement.PASS;
      }
    };
  }

  private static String path(String given) {
    return "<" + given + ">";
  }

  private void forget() {
    recipientsTold.clear();
    dataTold = false;
    sender = Optional.empty();
    queueId = Optional.empty();
  }

  private MilterMacros macros(Client client) {
    return macros(client, Optional.empty(), Optional.empty());
  }

  private MilterMacros macros(
      Client client, Optional<DialogueEvent.Recipient> recipient, Optional<Reply> refusal) {
    return new MilterMacros(
        house,
        new AskedWay(house.ways()),
        client,
        connections,
        sender,
        recipient,
        refusal,
        queueId);
  }

  @Override
  public Set<DialogueEvent.Kind> wanted() {
    lock.lock();
    try {
      var wanted = EnumSet.noneOf(DialogueEvent.Kind.class);
      for (DialogueEvent.Kind kind : DialogueEvent.Kind.values()) {
        boolean wants =
            switch (kind) {
              // where a session or a transaction begins and ends is told in any case
              case CONNECT, MAIL, RESET -> session.wants(MilterEvent.END_OF_MESSAGE);
              case HELO -> session.wants(MilterEvent.HELO);
              case RCPT -> session.wants(MilterEvent.RCPT);
              case REFUSED -> session.wantsRefused();
              case DATA -> session.wants(MilterEvent.DATA);
              case UNKNOWN -> session.wants(MilterEvent.UNKNOWN);
            };
        if (wants) {
          wanted.add(kind);
        }
      }
      return wanted;
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
      Judgement before = beforeContent(message.mail().envelope());
      queueId = Optional.of(message.mail().id());
      return before instanceof Judgement.Pass ? asked(message) : FilterAnswer.of(before);
    } finally {
      forget();
      lock.unlock();
    }
  }

  private Judgement beforeContent(Envelope envelope) {
    for (DialogueEvent event : unheard(envelope)) {
      Judgement judgement = told(envelope.client(), event);
      if (!(judgement instanceof Judgement.Pass)) {
        return judgement;
      }
    }
    return Judgement.PASS;
  }

  /// What it has not been told of, since an earlier filter has decided it, or since it does not
  /// want to be told of it, but may want what it is given with it. After DATA there are no more
  /// recipients: if one was missed, the transaction is told anew.
  private List<DialogueEvent> unheard(Envelope envelope) {
    boolean wantsRecipients = session.wants(MilterEvent.RCPT);
    List<DialogueEvent.Recipient> missed =
        Playback.missed(
            envelope,
            recipientsTold,
            dataTold || !wantsRecipients || !session.wants(MilterEvent.DATA));
    boolean anew = sender.isEmpty() || dataTold && wantsRecipients && !missed.isEmpty();
    var events = new ArrayList<DialogueEvent>();
    if (anew) {
      events.add(Playback.sender(envelope));
    }
    events.addAll(anew ? Playback.recipients(envelope) : missed);
    if (anew || !dataTold) {
      events.add(new DialogueEvent.Data(envelope.id()));
    }
    return events;
  }

  private FilterAnswer asked(Examined message) {
    var mail = message.mail();
    List<Headers.Field> fields = mail.headers().fields();
    try (var edits =
            new MilterEdits(
                house.grammar(), session.spaces(), message.bodyWriter(), house.mostBody());
        InputStream body = message.body()) {
      Judgement judgement =
          session.message(
              fields.subList(EditedMail.hidden(mail), fields.size()),
              body,
              macros(mail.envelope().client())::value,
              edits);
      return judgement instanceof Judgement.Pass || judgement instanceof Judgement.Quarantine
          ? new FilterAnswer(judgement, edits.finish(), "")
          : FilterAnswer.of(judgement);
    } catch (IOException e) {
      session.abort();
      return FilterAnswer.of(
          new Judgement.NoAnswer(
              "cannot read or write the message: " + e.getMessage(), UnreadableMessage.cause(e)));
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      session.close();
    } finally {
      lock.unlock();
    }
  }
}
