package org.caravanmta.smtp.server;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.Verb;
import org.caravanmta.tls.Secured;
import org.jspecify.annotations.Nullable;

/// The server's side of one dialogue (RFC 5321 §3), without a socket: lines, data and verdicts come
/// in, replies and questions go out. For one thread at a time.
///
/// Whoever carries the bytes asks {@link #wants} before each line or piece of data, and holds back
/// while the answer is nothing: a question is outstanding, or a file is behind.
final class Session implements ContentTurn.Dialogue, SecurityTurn.Dialogue {
  /// Recipients beyond the limit that are not yet errors (Postfix:
  /// smtpd_recipient_overshoot_limit).
  private static final int OVERSHOOT = 1000;

  /// What may come in next.
  enum Wants {
    COMMAND,
    CONTENT,
    NOTHING
  }

  private final Reception reception;
  private final ReceptionSettings settings;
  private final Service service;
  private final Replies replies;
  private final Carrier carrier;
  private final Quota quota;
  private final Intermediary intermediary;
  private final Tally tally = new Tally();
  private final Inquiries inquiries;
  private final ContentTurn content;
  private final SecurityTurn security;
  private Client client;
  private boolean closed;
  private boolean leaving;
  private boolean stopping;
  private String last = "CONNECT";
  // a reply is due that comes later
  private boolean paused;
  private @Nullable Transaction transaction;

  Session(Reception reception, Service service, Security security, Client client, Carrier carrier) {
    this.reception = reception;
    this.settings = reception.settings();
    this.service = service;
    this.replies = new Replies(settings.hostname());
    this.quota = new Quota(reception.sessions().usage(), reception.intermediaries(), replies);
    this.intermediary = new Intermediary(reception.intermediaries(), settings);
    this.client = client;
    this.carrier = carrier;
    this.inquiries = new Inquiries(carrier);
    this.content = new ContentTurn(reception, service, carrier, inquiries, this);
    this.security = new SecurityTurn(reception, security, service, carrier, this);
  }

  /// What it puts up with now.
  Patience patience() {
    Patience patience = settings.patience();
    return reception.sessions().stressed() ? patience.stressed() : patience;
  }

  /// Begins the dialogue.
  ///
  /// @param room whether there may be one session more
  void greet(Opening opening, boolean room) {
    SessionLog.connected(client);
    if (!room) {
      turnAway(Replies.BUSY);
      return;
    }
    switch (opening) {
      case SILENT, ELSEWHERE -> greet();
      case EARLY -> {
        SessionLog.ended("improper command pipelining", last, client);
        close(Replies.SYNCHRONIZATION);
      }
      case BAD_HEADER -> {
        SessionLog.ended("bad PROXY header", last, client);
        close(replies.broken());
      }
    }
  }

  Wants wants() {
    if (closed || paused || inquiries.pending() || security.pending()) {
      return Wants.NOTHING;
    }
    if (content.on()) {
      return content.ready() ? Wants.CONTENT : Wants.NOTHING;
    }
    return Wants.COMMAND;
  }

  /// @param more whether the client has sent more behind this line
  void line(Lines.Line line, boolean more) {
    if (security.take(line)) {
      return;
    }
    switch (line) {
      case Lines.Text(String text) -> command(Command.parse(text, settings.origin()), more);
      case Lines.NotUtf8() -> done(Verb.UNKNOWN, Replies.NOT_UTF8);
      case Lines.TooLong() -> done(Verb.UNKNOWN, replies.lineTooLong());
      case Lines.Bare(String what) -> close(replies.bare(what));
    }
  }

  /// Takes data.
  ///
  /// @return the index behind the last byte taken: less than `to` only where the data, or a chunk
  ///   of it, ends
  int content(byte[] bytes, int from, int to) {
    return content.take(bytes, from, to);
  }

  /// Takes what the TLS handshake has agreed on.
  void secured(Secured agreed) {
    security.secured(client, agreed);
  }

  /// The longest line that may come in next.
  int lineLimit() {
    return security.protection().lineLimit(settings.lineLimit());
  }

  /// Takes what the route says to the question: the question with its verdict, or a throwable.
  void answer(Object body) {
    if (!closed) {
      inquiries.answer(body);
    }
  }

  /// The client, or the answer to a question, has taken too long.
  void expire() {
    if (!closed) {
      SessionLog.ended("timeout", last, client);
      close(replies.timeout());
    }
  }

  /// Ends the session as soon as no transaction is under way.
  void leave() {
    leaving = true;
    if (!closed && transaction == null) {
      close(replies.goodbye());
    }
  }

  /// Ends the session now, or, if it has sent a whole message, when that has its reply: without it
  /// the client would send the message again.
  void stop() {
    leaving = true;
    stopping = true;
    if (!closed && !content.replyDue()) {
      close(replies.goodbye());
    }
  }

  /// Something of ours broke.
  void broken(Throwable why) {
    SessionLog.bug(transaction, client, why);
    if (!closed) {
      close(replies.broken());
    }
  }

  /// The connection is closed.
  void gone() {
    quota.release();
    if (!closed) {
      SessionLog.ended("lost connection", last, client);
      closed = true;
      forget();
    }
    SessionLog.disconnected(client, tally);
  }

  private void greet() {
    Optional<Reply> excess = quota.connect(client);
    if (excess.isPresent()) {
      turnAway(excess.get());
    } else {
      carrier.reply(replies.greeting());
      inquiries.connected(
          new Case.Connection(client, Verdict.UNDECIDED),
          body -> {
            Verdict verdict = new Answers(reception, client).connection(body);
            client = Introduction.named(client, body);
            return verdict;
          });
    }
  }

  private void command(Command command, boolean more) {
    Verb verb = command.verb();
    last = verb.name();
    // what comes behind STARTTLS in clear is thrown away, not obeyed (RFC 3207 §4.2)
    boolean alone = verb.endsGroup() && verb != Verb.STARTTLS;
    if (more && (alone || !Introduction.isExtended(client))) {
      SessionLog.ended("improper command pipelining", last, client);
      tally.count(verb, false, patience().idleLimit());
      close(Replies.SYNCHRONIZATION);
      return;
    }
    Reply outOfOrder =
        new Order(security.protection(), replies, quota, leaving)
            .refusal(verb, client, transaction, content.chunked());
    if (outOfOrder != null) {
      done(verb, outOfOrder);
      return;
    }
    switch (command) {
      case Command.Hello hello -> hello(hello);
      case Command.StartTls() -> {
        forget();
        tally.count(verb, true, patience().idleLimit());
        security.startTls();
      }
      case Command.Auth login -> security.auth(client, login);
      case Command.Mail mail -> mail(mail);
      case Command.Rcpt rcpt -> rcpt(rcpt);
      case Command.Data() ->
          new BeforeData(reception, client, underWay(), inquiries)
              .ask(
                  reply -> done(verb, reply),
                  () -> {
                    content.data(client, underWay());
                    say(Replies.GO_AHEAD, () -> {});
                  });
      case Command.Bdat bdat -> bdat(bdat);
      case Command.Rset() -> {
        forget();
        done(verb, Replies.OK);
      }
      case Command.Noop() -> done(verb, Replies.OK);
      case Command.Vrfy vrfy -> {
        if (settings.vrfy()) {
          new Verification(reception, client, inquiries, reply -> done(verb, reply)).begin(vrfy);
        } else {
          done(verb, Replies.VRFY_DISABLED);
        }
      }
      case Command.Etrn etrn -> etrn(etrn);
      case Command.Help() -> done(verb, Replies.HELP);
      case Command.Quit() -> {
        tally.count(verb, true, patience().idleLimit());
        end(Replies.BYE, true);
      }
      case Command.Speaking(_, String attributes) -> speaking(verb, attributes);
      case Command.Refused(_, Reply reply) -> done(verb, reply);
      case Command.Foreign() -> {
        SessionLog.ended("non-SMTP command", last, client);
        close(Replies.NO_SMTP);
      }
    }
  }

  private void hello(Command.Hello hello) {
    forget();
    client = Introduction.greeted(client, hello);
    done(
        hello.verb(),
        Introduction.isExtended(client)
            ? replies.extendedHello(
                settings,
                Stream.of(security.protection().extensions(client), intermediary.offers(client))
                    .flatMap(List::stream)
                    .toList())
            : replies.hello());
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
                tally.count(verb, true, patience().idleLimit());
                SessionLog.substituted(client, other);
                client = other;
                greet();
              });
      case Intermediary.Outcome.Refused(Reply reply) -> done(verb, reply);
    }
  }

  private void mail(Command.Mail mail) {
    if (mail.parameters().binary() && !settings.binaryMime()) {
      done(Verb.MAIL, Replies.BINARY_UNSUPPORTED);
      return;
    }
    boolean tooLarge = settings.sizeLimit() > 0 && mail.size().orElse(0) > settings.sizeLimit();
    if (tooLarge || !reception.roomLeft().getAsBoolean()) {
      Reply reply = tooLarge ? Replies.SIZE_TOO_LARGE : Replies.NO_ROOM;
      SessionLog.rejected("MAIL", client, null, Optional.empty(), reply);
      done(Verb.MAIL, reply);
    } else {
      transaction =
          new Transaction(
              mail.sender(), mail.parameters(), intermediary.forwarded(), mail.size().orElse(0));
      done(Verb.MAIL, Replies.SENDER_OK);
    }
  }

  private void rcpt(Command.Rcpt rcpt) {
    Transaction current = underWay();
    if (!rcpt.recipient().isAscii() && !current.parameters().smtputf8()) {
      done(Verb.RCPT, Command.UNDECLARED_UTF8);
    } else if (current.count() < settings.recipientLimit()) {
      inquiries.whenWelcome(
          verdict ->
              new RecipientPhase(
                      reception,
                      client,
                      current,
                      verdict,
                      inquiries,
                      reply -> done(Verb.RCPT, reply))
                  .begin(rcpt));
    } else if (current.exceed() <= OVERSHOOT) {
      tally.countHarmless(Verb.RCPT);
      say(Replies.TOO_MANY_RECIPIENTS, () -> {});
    } else {
      done(Verb.RCPT, Replies.TOO_MANY_RECIPIENTS);
    }
  }

  /// Restrictions for DATA are asked before the first chunk is taken.
  private void bdat(Command.Bdat chunk) {
    if (content.chunked() || Order.missing(transaction) != null) {
      content.bdat(chunk, client, transaction);
    } else {
      new BeforeData(reception, client, underWay(), inquiries)
          .ask(
              reply -> content.refuse(chunk, reply),
              () -> content.bdat(chunk, client, transaction));
    }
  }

  @Override
  public void whole() {
    last = "END-OF-MESSAGE";
  }

  @Override
  public void message(Verb verb, Reply said) {
    Reply reply = settings.given(said);
    if (reply.positive()) {
      tally.forgive();
    } else {
      SessionLog.rejected(last, client, transaction, underWay().only(), reply);
    }
    transaction = null;
    done(verb, reply);
  }

  @Override
  public void chunk(Reply reply, boolean over) {
    if (over) {
      forget();
    }
    done(Verb.BDAT, reply);
  }

  private void etrn(Command.Etrn etrn) {
    var phase =
        new QueueRunPhase(
            reception.queueRun(),
            client,
            carrier,
            reply -> {
              paused = false;
              if (!closed) {
                done(Verb.ETRN, reply);
              }
            });
    inquiries.whenWelcome(
        welcome -> {
          paused = true;
          phase.begin(etrn, welcome);
        });
  }

  @Override
  public void knows(Client better) {
    client = better;
  }

  @Override
  public void done(Verb verb, Reply reply) {
    tally.count(verb, reply.positive(), patience().idleLimit());
    if (reply.code() == 421 || reply.code() == 521) {
      close(reply);
    } else {
      say(reply, this::afterwards);
    }
  }

  private void afterwards() {
    if (tally.errors() >= patience().errorLimit()) {
      SessionLog.ended("too many errors", last, client);
      close(replies.tooManyErrors());
    } else if (leaving && (transaction == null || stopping)) {
      close(replies.goodbye());
    }
  }

  /// Gives a reply, late when the client has erred too often (RFC 5321 §7.8), and then goes on.
  private void say(Reply reply, Runnable then) {
    if (tally.errors() < patience().softErrorLimit()) {
      carrier.reply(reply);
      then.run();
      return;
    }
    paused = true;
    carrier.later(
        patience().errorDelay(),
        () -> {
          paused = false;
          if (!closed) {
            carrier.reply(reply);
            then.run();
          }
        });
  }

  private void close(Reply reply) {
    end(reply, false);
  }

  /// Ends a session that has not begun, without waiting for what the client may yet send: many come
  /// at a time when some have to be turned away.
  private void turnAway(Reply reply) {
    end(reply, true);
  }

  private void end(Reply reply, boolean atOnce) {
    closed = true;
    forget();
    carrier.reply(reply);
    carrier.hangUp(atOnce);
  }

  private void forget() {
    transaction = null;
    intermediary.forget();
    inquiries.forget();
    content.abandon();
    security.forget();
  }

  private Transaction underWay() {
    if (transaction == null) {
      throw new IllegalStateException("no transaction is under way");
    }
    return transaction;
  }
}
