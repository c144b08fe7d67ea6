package org.caravanmta.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A mail transaction (RFC 5321 §3.3) in which all recipients have the same fate, as a filter
/// before the queue must give it to them (postfix `smtpd_proxy_options=speed_adjust`): the first
/// refusal, of the sender, of any recipient or of the content, is that of the message, and ends the
/// transaction. One command goes out at a time, so that each reply is to what it seems to be to.
/// Used once.
final class JointTransaction {
  private static final Logger LOG = LoggerFactory.getLogger(JointTransaction.class);

  private final Connection connection;
  private final Capabilities capabilities;
  private final SmtpCaller caller;
  private final Mail mail;
  private final Bodies bodies;
  private final boolean binary;
  private final Headway headway = Headway.current();

  /// What we are doing, for the log.
  private String stage = "sending " + Xforward.VERB;

  /// Whether the end of data may have reached the server.
  private boolean sentWhole;

  /// Whether the server waits for the next command.
  private boolean usable;

  JointTransaction(
      Connection connection,
      Capabilities capabilities,
      SmtpCaller caller,
      Mail mail,
      Bodies bodies) {
    this.connection = connection;
    this.capabilities = capabilities;
    this.caller = caller;
    this.mail = mail;
    this.bodies = bodies;
    this.binary = Commands.isBinary(mail);
  }

  /// Whether the connection can be used after the transaction.
  boolean usable() {
    return usable;
  }

  /// Runs the transaction. Whatever the server does is in the result.
  JointAnswer run() {
    Optional<Reason> unfit =
        Commands.tooLarge(mail, capabilities, connection.peer())
            .or(() -> Commands.unfit(mail, capabilities, connection.peer()));
    if (unfit.isPresent()) {
      usable = true;
      return new JointAnswer.Unfit(unfit.get());
    }
    try {
      return answer();
    } catch (SocketTimeoutException e) {
      return unknown(connection.peer().timedOut(stage).text());
    } catch (ReplyReader.Garbled e) {
      return unknown(connection.peer().garbled(String.valueOf(e.getMessage()), stage).text());
    } catch (IOException e) {
      return unknown(connection.peer().lost(stage).text());
    } catch (ContentSender.Damaged e) {
      connection.close(); // without a dot: what was sent so far is not a message
      LOG.error("{}: content cannot be read", mail.id(), e);
      return unknown("the message's content cannot be read");
    }
  }

  private JointAnswer answer() throws IOException, ContentSender.Damaged {
    headway.step(Step.XFORWARD);
    for (String command : Xforward.commands(mail, capabilities.xforward())) {
      Reply reply = ask(command, caller.timeouts().xforward());
      if (!isOf(2, reply)) {
        // it is not the message that is refused by this
        return unknown(unexpected(reply, Xforward.VERB));
      }
    }
    stage = "sending MAIL FROM";
    headway.step(Step.MAIL);
    Reply sender = ask(Commands.mail(mail, capabilities, false), caller.timeouts().mail());
    if (!isOf(2, sender)) {
      return refused(sender, "MAIL FROM");
    }
    stage = "sending RCPT TO";
    headway.step(Step.RCPT);
    for (Recipient recipient : mail.recipients()) {
      Reply reply = ask(Commands.rcpt(recipient, capabilities), caller.timeouts().recipient());
      if (!isOf(2, reply)) {
        return refused(reply, "RCPT TO");
      }
    }
    if (!binary) {
      stage = "sending DATA command";
      headway.step(Step.DATA);
      Reply data = ask("DATA", caller.timeouts().data());
      if (!isOf(3, data)) {
        return refused(data, "DATA");
      }
    }
    return content();
  }

  /// Sends the content. If the server does not want the rest, replies and closes the connection,
  /// that reply counts, not the loss of the connection.
  private JointAnswer content() throws IOException, ContentSender.Damaged {
    stage = "sending message body";
    headway.content(mail.size(), caller.timeouts().transfer());
    var sender = new ContentSender(mail, bodies);
    try {
      if (binary) {
        connection.send("BDAT " + mail.size() + " LAST");
        sender.chunk(connection.data());
      } else {
        sender.lines(connection.data(), 0, false);
      }
    } catch (IOException e) {
      Optional<Reply> words = connection.lastWords(e);
      if (words.isPresent()) {
        return interrupted(words.get());
      }
      throw e;
    }
    if (!binary) {
      if (connection.spoken()) {
        // without a dot: what was sent so far is not a message
        return interrupted(connection.reply(caller.connection().dataTimeout()));
      }
      connection.send(".");
    }
    stage = "waiting for the reply to the end of data";
    headway.step(Step.END_OF_DATA);
    sentWhole = true;
    connection.flush();
    Reply reply = connection.reply(caller.connection().dataTimeout());
    if (!isOf(2, reply)) {
      return refused(reply, "end of DATA");
    }
    if (connection.severed()) {
      throw new EOFException("the end of data was not sent");
    }
    if (!connection.whole()) {
      // who takes a message over says so to the end; whoever asks may still give it to another
      throw new EOFException("a reply without its end");
    }
    usable = true;
    return new JointAnswer.Said(reply);
  }

  /// A reply that came before the end of the message. Only a refusal can be one to it.
  private JointAnswer interrupted(Reply reply) {
    JointAnswer answer = refused(reply, "message body");
    usable = false;
    return answer;
  }

  private JointAnswer refused(Reply reply, String command) {
    if (!isOf(4, reply) && !isOf(5, reply)) {
      return unknown(unexpected(reply, command));
    }
    usable = reply.code() != 421; // RFC 5321 §3.8
    return new JointAnswer.Said(reply);
  }

  private static boolean isOf(int digit, Reply reply) {
    return reply.code() / 100 == digit;
  }

  private String unexpected(Reply reply, String command) {
    return "host "
        + connection.peer().named()
        + " said: "
        + Printable.text(reply.toString())
        + " (in reply to "
        + command
        + ")";
  }

  private JointAnswer unknown(String why) {
    return new JointAnswer.Unknown(why, sentWhole);
  }

  private Reply ask(String command, Duration timeout) throws IOException {
    connection.send(command);
    connection.flush();
    return connection.reply(timeout);
  }
}
