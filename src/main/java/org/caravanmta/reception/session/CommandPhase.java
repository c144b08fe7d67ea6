package org.caravanmta.reception.session;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Passage;
import org.caravanmta.policy.Verdict;
import org.caravanmta.reception.limits.Holding;
import org.caravanmta.reception.wire.LineEnds;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Extension;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;

/// The part of a session in which commands come (RFC 5321 §4.1): what each does, to the client that
/// gives it and to the transaction that is under way.
final class CommandPhase implements SecurityPhase.Dialogue, ReplyWriter.Dialogue {
  private final Reception reception;
  private final ReceptionSettings settings;
  private final Replies replies;
  private final Carrier carrier;
  private final Quota quota;
  private final Intermediary intermediary;
  private final Questioning inquiries;
  private final ReplyWriter speech;
  private final OfferedExtensions offers;
  private final LineEnds ends;
  private final MailPhase mail;
  private final SecurityPhase security;
  private Client client;
  // refused at its connection; only QUIT is heard
  private boolean denied;
  private EarlierFindings atConnect = EarlierFindings.NOTHING;
  private EarlierFindings atHello = EarlierFindings.NOTHING;

  CommandPhase(
      Reception reception, Service service, Security security, Client client, Carrier carrier) {
    this.reception = reception;
    this.settings = reception.settings();
    this.replies = new Replies(settings.hostname());
    this.quota = new Quota(reception.sessions().usage(), reception.intermediaries(), replies);
    this.intermediary = new Intermediary(reception.intermediaries(), settings);
    this.client = client;
    this.carrier = carrier;
    this.inquiries = new Questioning(carrier);
    this.speech = new ReplyWriter(reception, carrier, this);
    this.offers = new OfferedExtensions(settings.conduct().discards(), speech, carrier);
    this.ends =
        new LineEnds(
            settings.conduct().tolerance().newlines(client), () -> SessionLog.bareLf(this.client));
    this.mail =
        new MailPhase(
            reception,
            service,
            carrier,
            intermediary,
            inquiries,
            speech,
            ends,
            () -> this.client,
            () -> atConnect.and(atHello));
    this.security = new SecurityPhase(reception, security, service, carrier, this);
  }

  Client client() {
    return client;
  }

  ReplyWriter speech() {
    return speech;
  }

  LineEnds lineEnds() {
    return ends;
  }

  ContentPhase content() {
    return mail.content();
  }

  SecurityPhase security() {
    return security;
  }

  /// Whether no command can be taken now.
  boolean pending() {
    return inquiries.pending() || security.pending();
  }

  /// Takes what the route says to a question.
  void answer(Object body) {
    inquiries.answer(body);
  }

  /// Something of ours broke.
  void broke(Throwable why) {
    SessionLog.bug(mail.transaction(), client, why);
  }

  /// What the client has of the server is given back.
  void release() {
    quota.release();
  }

  void greet() {
    denied = false;
    Optional<Reply> excess = quota.connect(client);
    if (excess.isPresent()) {
      speech.turnAway(excess.get());
    } else {
      if (settings.conduct().delayReject()) {
        carrier.reply(Replies.greeting(settings.conduct().greeting()));
      }
      atConnect = EarlierFindings.NOTHING;
      atHello = EarlierFindings.NOTHING;
      inquiries.connected(
          new Case.Connection(client, Verdict.UNDECIDED),
          body -> {
            atConnect = EarlierFindings.NOTHING.and(body);
            Verdict verdict = new Answers(reception, client).connection(body);
            client = ClientFacts.named(client, body);
            return verdict;
          });
      if (!settings.conduct().delayReject()) {
        inquiries.whenWelcome(this::greet);
      }
    }
  }

  /// Greets a client that waits for the verdict on its connection, or refuses it.
  private void greet(Verdict verdict) {
    switch (verdict) {
      case Verdict.Defer(Reply reply) -> deny(reply);
      case Verdict.Reject(Reply reply) -> deny(reply);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) ->
          carrier.reply(Replies.greeting(settings.conduct().greeting()));
    }
  }

  private void deny(Reply said) {
    Reply reply = settings.given(said);
    denied = true;
    SessionLog.rejected("CONNECT", client, null, Optional.empty(), reply);
    if (ReplyWriter.isLast(reply)) {
      speech.close(reply);
    } else {
      carrier.reply(reply);
    }
  }

  /// @param more whether the client has sent more after it
  void command(Command command, boolean more) {
    Verb verb = command.verb();
    speech.heard(verb.name());
    mail.about(Optional.empty());
    // what comes after STARTTLS in the clear is thrown away, not obeyed (RFC 3207 §4.2)
    boolean alone = verb.endsGroup() && verb != Verb.STARTTLS;
    if (more
        && (alone || !ClientFacts.isExtended(client))
        && !(command instanceof Command.Ignored)
        && !settings.conduct().tolerance().mayTalkAhead(client)) {
      ended("improper command pipelining");
      speech.count(verb, false);
      speech.close(Replies.SYNCHRONIZATION);
      return;
    }
    if (denied && verb != Verb.QUIT) {
      refuse(command, Replies.accessDenied(client));
      return;
    }
    if (verb == Verb.BDAT && offers.lack(Extension.CHUNKING)) {
      refuse(command, SecurityReplies.NOT_IMPLEMENTED);
      return;
    }
    Reply outOfOrder =
        new CommandOrder(
                security.protection(),
                replies,
                quota,
                speech.leaving(),
                settings.conduct().heloRequired(),
                offers.discarded())
            .refusal(verb, client, mail.transaction(), content().chunked());
    if (outOfOrder != null) {
      done(verb, outOfOrder);
      return;
    }
    switch (command) {
      case Command.Hello hello -> hello(hello);
      case Command.StartTls() when !security.hasRoom() ->
          done(verb, SecurityReplies.NO_ROOM_FOR_TLS);
      case Command.StartTls() -> {
        forget();
        speech.count(verb, true);
        security.startTls();
      }
      case Command.Auth login -> security.auth(client, login);
      case Command.Mail begun -> mail.mail(begun, offers.discarded());
      case Command.Rcpt rcpt -> mail.rcpt(rcpt, offers.discarded());
      case Command.Data() -> mail.data();
      case Command.Bdat bdat -> mail.bdat(bdat);
      case Command.Rset() -> {
        forget();
        done(verb, Replies.OK);
      }
      case Command.Noop(), Command.Ignored() -> done(verb, Replies.OK);
      case Command.Vrfy vrfy -> {
        if (settings.vrfy()) {
          new VrfyPhase(reception, client, inquiries, reply -> done(verb, reply)).begin(vrfy);
        } else {
          done(verb, Replies.VRFY_DISABLED);
        }
      }
      case Command.Etrn etrn -> etrn(etrn);
      case Command.Help() ->
          done(
              verb,
              Replies.help(
                  new ServedCommands(
                          security.protection(), intermediary, offers.discarded(), settings.vrfy())
                      .to(client)));
      case Command.Quit() -> {
        speech.count(verb, true);
        speech.end(Replies.BYE, true);
      }
      case Command.Speaking(_, String attributes) -> speaking(verb, attributes);
      case Command.Refused(_, Reply reply) -> done(verb, reply);
      case Command.Foreign() -> {
        ended("non-SMTP command");
        speech.close(Replies.NO_SMTP);
      }
    }
  }

  /// What comes after BDAT is read whatever the reply.
  private void refuse(Command command, Reply reply) {
    if (command instanceof Command.Bdat chunk) {
      content().refuse(chunk, reply);
    } else {
      done(command.verb(), reply);
    }
  }

  private void hello(Command.Hello hello) {
    forget();
    Client greeted = ClientFacts.greeted(client, hello);
    if (settings.conduct().delayReject()) {
      hello(hello, greeted);
      return;
    }
    // who is refused has not said who he is
    new EarlyQuestion(reception, inquiries)
        .ask(
            new Case.Connection(
                greeted,
                Verdict.UNDECIDED,
                Passage.START.after(atConnect.asked(), atConnect.deferral()),
                hello.verb().name(),
                ReversePath.NULL),
            reply -> done(hello.verb(), reply),
            found -> {
              atHello = found;
              hello(hello, greeted);
            });
  }

  private void hello(Command.Hello hello, Client greeted) {
    client = greeted;
    carrier.holding().count(Holding.What.NAME, client.helo().length());
    if (ClientFacts.isExtended(client)) {
      offers.ask(client, () -> offer(hello));
    } else {
      done(hello.verb(), replies.hello());
    }
  }

  private void offer(Command.Hello hello) {
    List<String> more =
        Stream.of(security.protection().extensions(client), intermediary.offers(client))
            .flatMap(List::stream)
            .toList();
    done(hello.verb(), replies.extendedHello(settings, more, offers.discarded()));
  }

  /// A reply as the client gets it.
  Reply given(Reply reply) {
    Reply given = settings.given(reply);
    RejectFooter footer = settings.conduct().footer();
    if (!given.positive() && !footer.isEmpty()) {
      given = footer.behind(given, mail.facts(replies.hostname()));
    }
    return offers.lack(Extension.ENHANCEDSTATUSCODES)
        ? new Reply(given.code(), Optional.empty(), given.lines())
        : given;
  }

  private void speaking(Verb verb, String attributes) {
    if (verb == Verb.XFORWARD) {
      done(verb, intermediary.xforward(client, attributes));
      return;
    }
    switch (intermediary.xclient(client, attributes)) {
      case Intermediary.Outcome.Substituted(Client other) ->
          inquiries.whenWelcome(
              _ -> {
                forget();
                speech.count(verb, true);
                SessionLog.substituted(client, other);
                client = other;
                greet();
              });
      case Intermediary.Outcome.Refused(Reply reply) -> done(verb, reply);
    }
  }

  private void etrn(Command.Etrn etrn) {
    var phase =
        new EtrnPhase(
            reception.queueRun(),
            client,
            carrier,
            reply -> {
              if (speech.resume()) {
                done(Verb.ETRN, reply);
              }
            });
    inquiries.whenWelcome(
        welcome -> {
          speech.pause();
          phase.begin(etrn, welcome);
        });
  }

  @Override
  public void knows(Client better) {
    client = better;
  }

  @Override
  public void done(Verb verb, Reply reply) {
    speech.done(verb, reply);
  }

  @Override
  public boolean inTransaction() {
    return mail.transaction() != null;
  }

  @Override
  public void ended(String what) {
    SessionLog.ended(what, speech.last(), client);
  }

  @Override
  public void forget() {
    mail.forget();
    security.forget();
  }
}
