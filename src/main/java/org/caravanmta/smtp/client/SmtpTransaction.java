package org.caravanmta.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions.Body;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Transfer.Ending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One mail transaction: MAIL, RCPT, DATA, the content, the dot (RFC 5321 §3.3), or BDAT for binary
/// content (RFC 3030 §3). If the server offers pipelining, the commands are sent together (RFC
/// 2920). Used once.
final class SmtpTransaction {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpTransaction.class);

  private static final String END_OF_DATA = "end of DATA";

  private final Connection connection;
  private final Protocol protocol;
  private final Capabilities capabilities;
  private final SmtpCaller caller;
  private final Mail mail;
  private final Bodies bodies;
  private final boolean kept;
  private final boolean binary;

  private final RecipientAttempts attempts;
  private final Headway headway = Headway.current();

  /// What we are doing, for the log and reports.
  private String stage = "sending MAIL FROM";

  /// Whether the server has answered a command of this transaction.
  private boolean answered;

  /// Whether the connection cannot be used any more.
  private boolean leaving;

  /// Whether the end of data may have reached the server.
  private boolean sentWhole;

  /// Whether the final reply leaves open if the server has the message.
  private boolean doubtful;

  /// Whether replies may be to other commands than it seems.
  private boolean confused;

  /// @param kept whether the connection has been kept since an earlier message, so that the server
  ///   may have closed it
  SmtpTransaction(
      Connection connection,
      Protocol protocol,
      Capabilities capabilities,
      SmtpCaller caller,
      Mail mail,
      Bodies bodies,
      boolean kept) {
    this.connection = connection;
    this.protocol = protocol;
    this.capabilities = capabilities;
    this.caller = caller;
    this.mail = mail;
    this.bodies = bodies;
    this.kept = kept;
    this.binary = Commands.isBinary(mail);
    this.attempts = new RecipientAttempts(mail.recipients().size());
  }

  /// Runs the transaction. Whatever the server does is in the result.
  Transfer run() {
    Optional<Reason> tooLarge = Commands.tooLarge(mail, capabilities, connection.peer());
    Optional<Reason> unfit = Commands.unfit(mail, capabilities, connection.peer());
    if (tooLarge.isPresent() || unfit.isPresent()) {
      attempts.decideRest(new Attempt.Failed(tooLarge.or(() -> unfit).get()));
      return ended(tooLarge.isPresent() ? Ending.REUSABLE : Ending.UNFIT);
    }
    try {
      sendXforward();
      if (sendEnvelope() && sendContent()) {
        readFinalReplies();
      }
      return ended(leaving ? Ending.LOST : Ending.REUSABLE);
    } catch (SocketTimeoutException e) {
      return broken(connection.peer().timedOut(stage), Ending.LOST);
    } catch (ReplyReader.Garbled e) {
      return broken(connection.peer().garbled(String.valueOf(e.getMessage()), stage), Ending.LOST);
    } catch (IOException e) {
      return broken(connection.peer().lost(stage), kept && !answered ? Ending.STALE : Ending.LOST);
    } catch (ContentSender.Damaged e) {
      connection.close(); // without a dot: what was sent so far is not a message
      LOG.error("{}: content cannot be read", mail.id(), e);
      return broken(Reason.of("4.3.0", "the message's content cannot be read"), Ending.FINAL);
    }
  }

  private Transfer broken(Reason reason, Ending ending) {
    attempts.decideRest(new Attempt.Deferred(reason));
    return ended(sentWhole ? Ending.FINAL : ending);
  }

  private Transfer ended(Ending ending) {
    boolean stale = leaving && kept && !sentWhole && attempts.noneAccepted();
    Ending seen = stale && ending == Ending.LOST ? Ending.STALE : ending;
    return attempts.transfer(doubtful ? Ending.FINAL : seen);
  }

  /// Sends XFORWARD. A server that refuses it gets the message all the same.
  private void sendXforward() throws IOException {
    if (!caller.settings().xforward()) {
      return;
    }
    stage = "sending " + Xforward.VERB;
    headway.step(Step.XFORWARD);
    for (String command : Xforward.commands(mail, capabilities.xforward())) {
      Reply reply = ask(command, false, caller.timeouts().xforward());
      answered = true;
      if (reply.code() / 100 != 2) {
        LOG.warn(
            "{}: {} said: {} (in reply to {})",
            mail.id(),
            connection.peer().named(),
            Printable.text(reply.toString()),
            Xforward.VERB);
      }
    }
    stage = "sending MAIL FROM";
  }

  /// Sends MAIL, RCPT and DATA.
  ///
  /// @return whether the server waits for the content
  private boolean sendEnvelope() throws IOException {
    boolean pipelined = capabilities.pipelining();
    List<String> rcpts =
        mail.recipients().stream().map(r -> Commands.rcpt(r, capabilities)).toList();
    String from = Commands.mail(mail, capabilities, converted());
    if (pipelined) {
      connection.send(from);
      for (String rcpt : rcpts) {
        connection.send(rcpt);
      }
      if (!binary) {
        connection.send("DATA");
      }
      connection.flush();
    }
    headway.step(Step.MAIL);
    Reply sender = ask(from, pipelined, caller.timeouts().mail());
    confused = pipelined && connection.skipped();
    answered = true;
    boolean taken = sender.code() / 100 == 2;
    if (!taken) {
      attempts.decideRest(refusal(sender, "MAIL FROM"));
      if (!pipelined) {
        return reset();
      }
    }
    stage = "sending RCPT TO";
    headway.step(Step.RCPT);
    for (int i = 0; i < rcpts.size(); i++) {
      Reply reply = ask(rcpts.get(i), pipelined, caller.timeouts().recipient());
      confused |= pipelined && connection.skipped();
      if (taken && reply.code() / 100 == 2) {
        attempts.accept(i);
      } else if (taken && !attempts.noneAccepted() && TooManyRecipients.isMeantBy(reply)) {
        attempts.postpone(i, connection.peer().notNow(reply, "RCPT TO"));
      } else if (taken) {
        attempts.decide(i, refusal(reply, "RCPT TO"));
      }
    }
    if (attempts.noneAccepted() && (!pipelined || binary)) {
      return reset();
    }
    if (binary) {
      return true;
    }
    stage = "sending DATA command";
    headway.step(Step.DATA);
    Reply data = ask("DATA", pipelined, caller.timeouts().data());
    confused |= pipelined && connection.skipped();
    if (data.code() / 100 == 3) {
      return !attempts.noneAccepted() || sendNoContent();
    }
    attempts.decideRest(refusal(data, "DATA"));
    return reset();
  }

  /// What a refusal comes to. After a line that is not a reply, in a group of commands (RFC 2920),
  /// we cannot tell to which of them a refusal was: nobody's mail is returned for that.
  private Attempt refusal(Reply reply, String command) {
    return confused
        ? connection.peer().notNow(reply, command)
        : connection.peer().refusal(reply, command);
  }

  /// Ends the data at once for a server that asks for content although it has refused every
  /// recipient (RFC 2920 §3.1).
  ///
  /// @return false, as no content is sent
  private boolean sendNoContent() throws IOException {
    connection.send(".");
    connection.flush();
    read(caller.connection().dataTimeout());
    return reset();
  }

  /// Sends the content. If a server does not want the rest, replies and closes the connection, that
  /// reply counts, not the loss of the connection.
  ///
  /// @return whether the content has been sent whole
  private boolean sendContent() throws IOException, ContentSender.Damaged {
    stage = "sending message body";
    headway.content(mail.size(), caller.timeouts().transfer());
    var sender = new ContentSender(mail, bodies);
    try {
      if (binary) {
        connection.send("BDAT " + mail.size() + " LAST");
        sender.chunk(connection.data());
      } else {
        sender.lines(connection.data(), caller.connection().lineLimit(), converted());
      }
    } catch (IOException e) {
      Optional<Reply> words = connection.lastWords(e);
      if (words.isPresent() && interrupted(words.get())) {
        return false;
      }
      throw e;
    }
    if (!binary) {
      if (connection.spoken() && interrupted(read(caller.connection().dataTimeout()))) {
        return false; // without a dot: what was sent so far is not a message
      }
      connection.send(".");
    }
    stage = "sending end of data -- message may be sent more than once";
    headway.step(Step.END_OF_DATA);
    sentWhole = true;
    connection.flush();
    return true;
  }

  /// Whether a reply that came before the end of data refuses the message. Any other reply answers
  /// nothing that we sent.
  private boolean interrupted(Reply reply) {
    boolean refused = reply.code() >= 400;
    if (refused) {
      attempts.decideRest(connection.peer().refusal(reply, END_OF_DATA));
      leaving = true;
    }
    return refused;
  }

  /// Whether eight-bit parts of the content, if there are any, are converted for this server.
  private boolean converted() {
    return caller.connection().sevenBit()
        && !binary
        && !capabilities.eightBitMime()
        && mail.envelope().parameters().body().filter(Body.SEVENBIT::equals).isEmpty();
  }

  /// Reads the reply to the end of data: one for all recipients in SMTP, one for each accepted
  /// recipient in LMTP (RFC 2033 §4.2).
  private void readFinalReplies() throws IOException {
    Reply reply = null;
    List<Integer> accepted = attempts.accepted();
    int doubted = accepted.size();
    try {
      for (int next = 0; next < accepted.size(); next++) {
        if (reply == null || protocol == Protocol.LMTP) {
          reply = read(caller.connection().dataTimeout());
          doubted = connection.skipped() ? Math.min(doubted, next) : doubted;
        }
        attempts.decide(accepted.get(next), outcome(reply));
      }
    } catch (IOException e) {
      // one of the lines that we took for a reply was not one
      accepted.subList(doubted, accepted.size()).forEach(attempts::reopen);
      throw e;
    }
  }

  private Attempt outcome(Reply reply) throws IOException {
    boolean taken = reply.code() / 100 == 2;
    if (taken && connection.severed()) {
      throw new EOFException("the end of data was not sent");
    }
    // nobody can tell whether it has the message: no other server gets it in this attempt
    doubtful |= !taken && reply.code() < 400;
    return taken
        ? connection.peer().delivered(reply)
        : connection.peer().refusal(reply, END_OF_DATA);
  }

  /// Sends RSET, so that the connection can carry another message.
  ///
  /// @return false, as no content is sent
  private boolean reset() {
    try {
      if (!leaving) {
        headway.step(Step.RSET);
        connection.send("RSET");
        connection.flush();
        leaving = read(caller.timeouts().reset()).code() / 100 != 2;
      }
    } catch (IOException e) {
      leaving = true;
    }
    return false;
  }

  /// Sends a command, unless it was sent already, and reads the reply.
  private Reply ask(String command, boolean sent, Duration timeout) throws IOException {
    if (!sent) {
      connection.send(command);
      connection.flush();
    }
    return read(timeout);
  }

  private Reply read(Duration timeout) throws IOException {
    Reply reply = connection.reply(timeout);
    leaving |= reply.code() == 421 || connection.severed(); // RFC 5321 §3.8
    return reply;
  }
}
