package org.caravanmta.smtp.client;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.caravanmta.address.Ascii;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Reply;

/// A session with a server after both have greeted (RFC 5321 §3.1, §3.2). It carries one message
/// after another, as long as it is {@link #usable}. For one thread at a time.
public final class SmtpDialogue implements AutoCloseable {
  private final Connection connection;
  private final Protocol protocol;
  private final SmtpCaller caller;
  private final Approach approach;
  private final Set<String> names = new LinkedHashSet<>();
  private Capabilities capabilities = Capabilities.NONE;
  private boolean usable;
  private int uses;

  private SmtpDialogue(
      Connection connection, Protocol protocol, SmtpCaller caller, Approach approach) {
    this.connection = connection;
    this.protocol = protocol;
    this.caller = caller;
    this.approach = approach;
  }

  /// Connects, waits for the greeting, and sends EHLO, HELO or LHLO.
  ///
  /// @throws Unreachable if any of this fails
  public static SmtpDialogue open(
      Peer peer, Protocol protocol, SmtpCaller caller, Approach approach) throws Unreachable {
    var dialogue =
        new SmtpDialogue(Connection.open(peer, caller, approach), protocol, caller, approach);
    try {
      dialogue.greet();
      dialogue.usable = true;
      return dialogue;
    } finally {
      if (!dialogue.usable) {
        dialogue.connection.close();
      }
    }
  }

  /// Sends a message in one mail transaction, and in more if the server takes fewer recipients at a
  /// time than the message has. Whatever the server does is in the result; nothing is thrown for
  /// it.
  public Transfer transfer(Mail mail, Bodies bodies) {
    Transfer transfer = transaction(mail, bodies);
    while (!transfer.excess().isEmpty()) {
      List<Integer> which = transfer.excess().stream().sorted().toList();
      Mail rest = mail.with(which.stream().map(mail.recipients()::get).toList());
      transfer = transfer.then(which, transaction(rest, bodies));
    }
    return transfer;
  }

  private Transfer transaction(Mail mail, Bodies bodies) {
    usable = false;
    uses++;
    var transaction =
        new SmtpTransaction(connection, protocol, capabilities, caller, mail, bodies, uses > 1);
    Transfer transfer = transaction.run();
    usable =
        switch (transfer.ending()) {
          case REUSABLE, UNFIT -> true;
          case LOST, STALE, FINAL -> false;
        };
    return transfer;
  }

  public Peer peer() {
    return connection.peer();
  }

  Protocol protocol() {
    return protocol;
  }

  /// How we came to the server.
  Approach approach() {
    return approach;
  }

  /// The names that the server gave itself in its greeting and in its reply to EHLO, in lower case.
  /// If our own name is among them, we talk to ourselves.
  public Set<String> names() {
    return names;
  }

  public Capabilities capabilities() {
    return capabilities;
  }

  /// How many messages it has carried, the present one included.
  public int uses() {
    return uses;
  }

  /// Whether it can carry another message.
  public boolean usable() {
    return usable;
  }

  /// Whether it can carry another message, and the server has not closed it in the meantime.
  boolean alive() {
    return usable && connection.quiet();
  }

  /// Sends QUIT if the dialogue is usable, and closes the connection without waiting for the reply.
  @Override
  public void close() {
    if (usable) {
      connection.send("QUIT");
      connection.flush();
    }
    usable = false;
    connection.close();
  }

  private void greet() throws Unreachable {
    String stage = "receiving the initial server greeting";
    try {
      Reply greeting = connection.reply(caller.timeouts().hello());
      if (greeting.code() / 100 != 2) {
        Reason refused = peer().refusedToTalk(greeting);
        throw new Unreachable(caller.settings().skipRefusal() ? refused.softened() : refused);
      }
      addName(greeting);
      stage = "performing the " + protocol.hello() + " handshake";
      Reply hello = ask(protocol.hello());
      if (hello.code() / 100 == 2) {
        capabilities = Capabilities.of(hello);
      } else if (protocol == Protocol.SMTP && hello.code() != 421) {
        stage = "performing the HELO handshake";
        hello = ask("HELO"); // RFC 5321 §3.2: a server that does not know EHLO
      }
      if (hello.code() / 100 != 2) {
        throw new Unreachable(peer().refusedToTalk(hello));
      }
      addName(hello);
    } catch (SocketTimeoutException e) {
      throw new Unreachable(peer().timedOut(stage));
    } catch (ReplyReader.Garbled e) {
      throw new Unreachable(peer().garbled(String.valueOf(e.getMessage()), stage));
    } catch (IOException e) {
      throw new Unreachable(peer().lost(stage));
    }
  }

  private Reply ask(String verb) throws IOException {
    connection.send(verb + " " + caller.helo());
    connection.flush();
    return connection.reply(caller.timeouts().hello());
  }

  private void addName(Reply reply) {
    names.add(Ascii.lower(reply.lines().getFirst().strip().split("\\s", 2)[0]));
  }
}
