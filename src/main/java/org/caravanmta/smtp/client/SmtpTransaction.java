package org.caravanmta.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

/// One message on its way over a dialogue: MAIL, RCPT, DATA, the content, the dot (RFC 5321 §3.3);
/// binary content goes by BDAT (RFC 3030 §3). Where the server offers it the commands go out
/// together (RFC 2920).
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
  private String stage = "sending MAIL FROM";
  private boolean answered;
  private boolean leaving;
  private boolean sentWhole;
  private boolean doubtful;

  /// @param kept whether the connection has carried a message before, and may be closed by now
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

  Transfer run() {
    Optional<Reason> tooLarge = Commands.tooLarge(mail, capabilities, connection.peer());
    Optional<Reason> unfit = Commands.unfit(mail, capabilities, connection.peer());
    if (tooLarge.isPresent() || unfit.isPresent()) {
      attempts.decideRest(new Attempt.Failed(tooLarge.or(() -> unfit).get()));
      return ended(tooLarge.isPresent() ? Ending.REUSABLE : Ending.UNFIT);
    }
    try {
      tell();
      if (envelope() && content()) {
        verdicts();
      }
      return ended(leaving ? Ending.LOST : Ending.REUSABLE);
    } catch (SocketTimeoutException e) {
      return broken(connection.peer().timedOut(stage), Ending.LOST);
    } catch (ReplyReader.Garbled e) {
      return broken(connection.peer().garbled(String.valueOf(e.getMessage()), stage), Ending.LOST);
    } catch (IOException e) {
      return broken(connection.peer().lost(stage), kept && !answered ? Ending.STALE : Ending.LOST);
    } catch (ContentSender.Damaged e) {
      connection.close(); // and no dot: what was sent so far is not a message
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

  /// XFORWARD: which client we have the message from. A server that refuses to hear it gets the
  /// message all the same.
  private void tell() throws IOException {
    if (!caller.telling()) {
      return;
    }
    stage = "sending " + Provenance.VERB;
    for (String command : Provenance.commands(mail, capabilities.xforward())) {
      Reply reply = ask(command, false, caller.waits().xforward());
      answered = true;
      if (reply.code() / 100 != 2) {
        LOG.warn(
            "{}: {} said: {} (in reply to {})",
            mail.id(),
            connection.peer().named(),
            Printable.text(reply.toString()),
            Provenance.VERB);
      }
    }
    stage = "sending MAIL FROM";
  }

  /// MAIL, RCPT and DATA; true if the server waits for the content.
  private boolean envelope() throws IOException {
    boolean ahead = capabilities.pipelining();
    List<String> rcpts =
        mail.recipients().stream().map(r -> Commands.rcpt(r, capabilities)).toList();
    String from = Commands.mail(mail, capabilities, converted());
    if (ahead) {
      connection.send(from);
      for (String rcpt : rcpts) {
        connection.send(rcpt);
      }
      if (!binary) {
        connection.send("DATA");
      }
      connection.flush();
    }
    Reply sender = ask(from, ahead, caller.waits().mail());
    answered = true;
    boolean taken = sender.code() / 100 == 2;
    if (!taken) {
      attempts.decideRest(connection.peer().refusal(sender, "MAIL FROM"));
      if (!ahead) {
        return reset();
      }
    }
    stage = "sending RCPT TO";
    for (int i = 0; i < rcpts.size(); i++) {
      Reply reply = ask(rcpts.get(i), ahead, caller.waits().recipient());
      if (taken && reply.code() / 100 == 2) {
        attempts.accept(i);
      } else if (taken && !attempts.noneAccepted() && RecipientLimit.isMeantBy(reply)) {
        attempts.postpone(i, connection.peer().notNow(reply, "RCPT TO"));
      } else if (taken) {
        attempts.decide(i, connection.peer().refusal(reply, "RCPT TO"));
      }
    }
    if (attempts.noneAccepted() && (!ahead || binary)) {
      return reset();
    }
    if (binary) {
      return true;
    }
    stage = "sending DATA command";
    Reply data = ask("DATA", ahead, caller.waits().data());
    if (data.code() / 100 == 3) {
      return !attempts.noneAccepted() || nothing();
    }
    attempts.decideRest(connection.peer().refusal(data, "DATA"));
    return reset();
  }

  /// A server that waits for content although it has refused every recipient gets none (RFC 2920
  /// §3.1).
  private boolean nothing() throws IOException {
    connection.send(".");
    connection.flush();
    read(caller.waits().end());
    return reset();
  }

  /// True if it has been sent whole. A server that does not want to hear the rest says so and
  /// closes: what it says counts, not that the connection was lost.
  private boolean content() throws IOException, ContentSender.Damaged {
    stage = "sending message body";
    var sender = new ContentSender(mail, bodies);
    try {
      if (binary) {
        connection.send("BDAT " + mail.size() + " LAST");
        sender.chunk(connection.data());
      } else {
        sender.lines(connection.data(), caller.longestLine(), converted());
      }
    } catch (IOException e) {
      Optional<Reply> words = connection.lastWords(e);
      if (words.isPresent() && interrupted(words.get())) {
        return false;
      }
      throw e;
    }
    if (!binary) {
      if (connection.spoken() && interrupted(read(caller.waits().end()))) {
        return false; // and no dot: what was sent so far is not a message
      }
      connection.send(".");
    }
    stage = "sending end of data -- message may be sent more than once";
    sentWhole = true;
    connection.flush();
    return true;
  }

  /// Whether a reply that came before the end of data refuses the message. Another one answers
  /// nothing that we have said.
  private boolean interrupted(Reply reply) {
    boolean refused = reply.code() >= 400;
    if (refused) {
      attempts.decideRest(connection.peer().refusal(reply, END_OF_DATA));
      leaving = true;
    }
    return refused;
  }

  /// Whether the server may have to get content of seven bits for content of eight.
  private boolean converted() {
    return caller.sevenBit()
        && !binary
        && !capabilities.eightBitMime()
        && mail.envelope().parameters().body().filter(Body.SEVENBIT::equals).isEmpty();
  }

  /// The reply to the end of data: one for all in SMTP, one for each in LMTP (RFC 2033 §4.2).
  private void verdicts() throws IOException {
    Reply reply = null;
    List<Integer> accepted = attempts.accepted();
    int doubted = accepted.size();
    try {
      for (int next = 0; next < accepted.size(); next++) {
        if (reply == null || protocol == Protocol.LMTP) {
          reply = read(caller.waits().end());
          doubted = connection.skipped() ? Math.min(doubted, next) : doubted;
        }
        attempts.decide(accepted.get(next), verdict(reply));
      }
    } catch (IOException e) {
      // one of the replies was none of those that we took for one
      accepted.subList(doubted, accepted.size()).forEach(attempts::reopen);
      throw e;
    }
  }

  private Attempt verdict(Reply reply) throws IOException {
    boolean taken = reply.code() / 100 == 2;
    if (taken && connection.severed()) {
      throw new EOFException("the end of data was not sent");
    }
    // who can say whether it has the message: nobody else gets it before the next attempt
    doubtful |= !taken && reply.code() < 400;
    return taken
        ? connection.peer().delivered(reply)
        : connection.peer().refusal(reply, END_OF_DATA);
  }

  /// Leaves the connection ready for another message, if the server will.
  private boolean reset() {
    try {
      if (!leaving) {
        connection.send("RSET");
        connection.flush();
        leaving = read(caller.waits().reset()).code() / 100 != 2;
      }
    } catch (IOException e) {
      leaving = true;
    }
    return false;
  }

  private Reply ask(String command, boolean sent, Duration patience) throws IOException {
    if (!sent) {
      connection.send(command);
      connection.flush();
    }
    return read(patience);
  }

  private Reply read(Duration patience) throws IOException {
    Reply reply = connection.reply(patience);
    leaving |= reply.code() == 421 || connection.severed(); // RFC 5321 §3.8
    return reply;
  }
}
