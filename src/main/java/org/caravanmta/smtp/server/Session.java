package org.caravanmta.smtp.server;

import java.util.Optional;
import java.util.function.Consumer;
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
final class Session {
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
  private final Protection protection;
  private final Tally tally = new Tally();
  private Client client;
  private boolean closed;
  private boolean leaving;
  private boolean stopping;
  private String last = "CONNECT";
  private @Nullable Case asked;
  // of the question put at the connection; null until it is answered
  private @Nullable Verdict welcome;
  // what needs the answer to that question
  private @Nullable Consumer<Verdict> waiting;
  private @Nullable Transaction transaction;
  private @Nullable RecipientPhase recipient;
  private @Nullable DataPhase data;
  private @Nullable AuthPhase auth;
  // until the TLS handshake is over
  private boolean securing;

  Session(Reception reception, Service service, Security security, Client client, Carrier carrier) {
    this.protection = new Protection(security, service);
    this.reception = reception;
    this.settings = reception.settings();
    this.service = service;
    this.replies = new Replies(settings.hostname());
    this.client = client;
    this.carrier = carrier;
  }

  /// Begins the dialogue.
  ///
  /// @param tooEarly whether the client has spoken before the greeting
  /// @param room whether there may be one session more
  void greet(boolean tooEarly, boolean room) {
    SessionLog.connected(client);
    if (!room) {
      close(Replies.BUSY);
    } else if (tooEarly) {
      SessionLog.ended("improper command pipelining", last, client);
      close(Replies.SYNCHRONIZATION);
    } else {
      carrier.reply(replies.greeting());
      ask(new Case.Connection(client, Verdict.UNDECIDED));
    }
  }

  Wants wants() {
    boolean undecided = asked != null && !(asked instanceof Case.Connection);
    if (closed || undecided || waiting != null || securing || auth != null && auth.working()) {
      return Wants.NOTHING;
    }
    if (data != null) {
      return data.ended() || data.lagging() ? Wants.NOTHING : Wants.CONTENT;
    }
    return Wants.COMMAND;
  }

  /// @param more whether the client has sent more behind this line
  void line(Lines.Line line, boolean more) {
    if (auth != null) {
      auth.line(line);
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
  /// @return the index behind the last byte taken: less than `to` only at the end of the data
  int content(byte[] bytes, int from, int to) {
    DataPhase current = data;
    if (current == null) {
      throw new IllegalStateException("no data is expected");
    }
    int taken = current.take(bytes, from, to);
    if (current.ended()) {
      last = "END-OF-MESSAGE";
      current.complete();
    }
    return taken;
  }

  /// Takes what the TLS handshake has agreed on; the client begins anew (RFC 3207 §4.2).
  void secured(Secured agreed) {
    securing = false;
    protection.begin(agreed);
    client = Introduction.secured(client, agreed.toString(), agreed.certificate());
    SessionLog.secured(client);
  }

  /// The longest line that may come in next.
  int lineLimit() {
    return protection.lineLimit(settings.lineLimit());
  }

  /// Takes what the route says to the question: the question with its verdict, or a throwable.
  void answer(Object body) {
    Case question = asked;
    asked = null;
    if (closed || question == null) {
      return;
    }
    switch (question) {
      case Case.Connection _ -> {
        Verdict verdict = new Answers(reception, client).connection(body);
        Consumer<Verdict> next = waiting;
        welcome = verdict;
        waiting = null;
        if (next != null) {
          next.accept(verdict);
        }
      }
      case Case.Rcpt asked -> {
        if (recipient != null) {
          recipient.decided(asked.recipient(), body);
        }
      }
      case Case.Message asked -> {
        if (data != null) {
          data.decided(asked.mail(), body);
        }
      }
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
    if (!closed && (data == null || !data.ended())) {
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
    if (!closed) {
      SessionLog.ended("lost connection", last, client);
      closed = true;
      forget();
    }
    SessionLog.disconnected(client, tally);
  }

  private void command(Command command, boolean more) {
    Verb verb = command.verb();
    last = verb.name();
    // what comes behind STARTTLS in clear is thrown away, not obeyed (RFC 3207 §4.2)
    boolean alone = verb.endsGroup() && verb != Verb.STARTTLS;
    if (more && (alone || !Introduction.isExtended(client))) {
      SessionLog.ended("improper command pipelining", last, client);
      tally.count(verb, false);
      close(Replies.SYNCHRONIZATION);
      return;
    }
    Reply outOfOrder = outOfOrder(verb);
    if (outOfOrder != null) {
      done(verb, outOfOrder);
      return;
    }
    switch (command) {
      case Command.Hello hello -> hello(hello);
      case Command.StartTls() -> startTls();
      case Command.Auth login -> auth(login);
      case Command.Mail mail -> mail(mail);
      case Command.Rcpt rcpt -> rcpt(rcpt);
      case Command.Data() -> data();
      case Command.Rset() -> {
        forget();
        done(verb, Replies.OK);
      }
      case Command.Noop() -> done(verb, Replies.OK);
      case Command.Vrfy(String address) -> done(verb, Reply.of(252, "2.0.0", address));
      case Command.Help() -> done(verb, Replies.HELP);
      case Command.Quit() -> {
        tally.count(verb, true);
        closed = true;
        forget();
        carrier.reply(Replies.BYE);
        carrier.hangUp(true);
      }
      case Command.Refused(_, Reply reply) -> done(verb, reply);
      case Command.Foreign() -> {
        SessionLog.ended("non-SMTP command", last, client);
        close(Replies.NO_SMTP);
      }
    }
  }

  /// Why a command may not come now, whatever its arguments; null when it may.
  private @Nullable Reply outOfOrder(Verb verb) {
    Reply refusal = protection.refusal(verb, client, transaction != null);
    if (refusal != null) {
      return refusal;
    }
    return switch (verb) {
      case MAIL -> {
        if (transaction != null) {
          yield Replies.NESTED_MAIL;
        }
        yield leaving ? replies.goodbye() : null;
      }
      case RCPT -> transaction == null ? Replies.NEED_MAIL : null;
      case DATA -> {
        if (transaction == null) {
          yield Replies.NEED_RCPT;
        }
        yield transaction.count() == 0 ? Replies.NO_RECIPIENTS : null;
      }
      case HELO, EHLO, RSET, NOOP, VRFY, HELP, QUIT -> null;
      case STARTTLS, AUTH, BDAT, EXPN, ETRN, UNKNOWN -> null;
    };
  }

  private void hello(Command.Hello hello) {
    forget();
    client = Introduction.greeted(client, hello);
    done(
        hello.verb(),
        Introduction.isExtended(client)
            ? replies.extendedHello(settings.sizeLimit(), protection.extensions(client))
            : replies.hello());
  }

  private void startTls() {
    forget();
    tally.count(Verb.STARTTLS, true);
    securing = true;
    carrier.reply(SecurityReplies.READY);
    carrier.secure();
  }

  private void auth(Command.Auth command) {
    AuthPhase.End end =
        new AuthPhase.End() {
          @Override
          public void refused(Reply reply) {
            auth = null;
            done(Verb.AUTH, reply);
          }

          @Override
          public void loggedIn(String user, String mechanism) {
            client = Introduction.loggedIn(client, user, mechanism);
            refused(SecurityReplies.SUCCESS);
          }
        };
    Optional<AuthPhase> phase =
        AuthPhase.of(
            settings.hostname(), client, protection, reception.clock(), carrier, command, end);
    auth = phase.orElse(null);
    phase.ifPresentOrElse(
        AuthPhase::begin, () -> done(Verb.AUTH, SecurityReplies.NO_SUCH_MECHANISM));
  }

  private void mail(Command.Mail mail) {
    boolean tooLarge = settings.sizeLimit() > 0 && mail.size().orElse(0) > settings.sizeLimit();
    if (tooLarge || !reception.roomLeft().getAsBoolean()) {
      Reply reply = tooLarge ? Replies.SIZE_TOO_LARGE : Replies.NO_ROOM;
      SessionLog.rejected("MAIL", client, null, Optional.empty(), reply);
      done(Verb.MAIL, reply);
    } else {
      transaction = new Transaction(mail.sender(), mail.parameters());
      done(Verb.MAIL, Replies.SENDER_OK);
    }
  }

  private void rcpt(Command.Rcpt rcpt) {
    Transaction current = underWay();
    if (current.count() < settings.recipientLimit()) {
      whenWelcome(
          verdict -> {
            recipient =
                new RecipientPhase(reception, client, current, verdict, this::ask, this::endOfRcpt);
            recipient.begin(rcpt);
          });
    } else if (current.exceed() <= OVERSHOOT) {
      tally.countHarmless(Verb.RCPT);
      carrier.reply(Replies.TOO_MANY_RECIPIENTS);
    } else {
      done(Verb.RCPT, Replies.TOO_MANY_RECIPIENTS);
    }
  }

  private void endOfRcpt(Reply reply) {
    recipient = null;
    done(Verb.RCPT, reply);
  }

  private void data() {
    data =
        new DataPhase(
            reception,
            service,
            client,
            underWay(),
            carrier,
            message -> whenWelcome(_ -> ask(message)),
            this::endOfData);
    carrier.reply(Replies.GO_AHEAD);
  }

  private void endOfData(Reply reply) {
    if (reply.positive()) {
      tally.forgive();
    } else {
      SessionLog.rejected(last, client, transaction, underWay().only(), reply);
    }
    transaction = null;
    data = null;
    done(Verb.DATA, reply);
  }

  /// Goes on once the question about the connection is answered, since there is one question at a
  /// time.
  private void whenWelcome(Consumer<Verdict> then) {
    if (welcome == null) {
      waiting = then;
    } else {
      then.accept(welcome);
    }
  }

  private void ask(Case question) {
    asked = question;
    carrier.ask(question);
  }

  private void done(Verb verb, Reply reply) {
    tally.count(verb, reply.positive());
    if (reply.code() == 421 || reply.code() == 521) {
      close(reply);
      return;
    }
    carrier.reply(reply);
    if (tally.errors() >= settings.errorLimit()) {
      SessionLog.ended("too many errors", last, client);
      close(replies.tooManyErrors());
    } else if (leaving && (transaction == null || stopping)) {
      close(replies.goodbye());
    }
  }

  private void close(Reply reply) {
    closed = true;
    forget();
    carrier.reply(reply);
    carrier.hangUp(false);
  }

  private void forget() {
    transaction = null;
    recipient = null;
    waiting = null;
    if (auth != null) {
      auth.abandon();
      auth = null;
    }
    if (data != null) {
      data.abandon();
      data = null;
    }
  }

  private Transaction underWay() {
    if (transaction == null) {
      throw new IllegalStateException("no transaction is under way");
    }
    return transaction;
  }
}
