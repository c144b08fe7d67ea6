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

/// A session with a server that has greeted us and that we have greeted (RFC 5321 §3.1, §3.2). It
/// carries one message after another, as long as it is {@link #usable}.
public final class SmtpDialogue implements AutoCloseable {
  private final Connection connection;
  private final Protocol protocol;
  private final SmtpCaller caller;
  private final Set<String> names = new LinkedHashSet<>();
  private Capabilities capabilities = Capabilities.NONE;
  private boolean usable;
  private int uses;

  private SmtpDialogue(Connection connection, Protocol protocol, SmtpCaller caller) {
    this.connection = connection;
    this.protocol = protocol;
    this.caller = caller;
  }

  /// Connects, waits for the greeting, and says who we are.
  public static SmtpDialogue open(Peer peer, Protocol protocol, SmtpCaller caller)
      throws Unreachable {
    var dialogue = new SmtpDialogue(Connection.open(peer, caller), protocol, caller);
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

  /// One mail transaction, and further ones for as long as the server takes fewer recipients at a
  /// time than there are: never throws for what the server does.
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

  /// The names the server gives itself in its greeting and in its reply to EHLO, in lower case:
  /// ours among them means that we talk to ourselves.
  public Set<String> names() {
    return names;
  }

  public Capabilities capabilities() {
    return capabilities;
  }

  /// Messages it has carried, the present one included.
  public int uses() {
    return uses;
  }

  public boolean usable() {
    return usable;
  }

  /// Whether it is usable, and the server has not closed it meanwhile.
  boolean alive() {
    return usable && connection.quiet();
  }

  /// Says goodbye, if there is somebody to say it to, and does not wait for the answer.
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
      Reply greeting = connection.reply(caller.waits().hello());
      if (greeting.code() / 100 != 2) {
        Reason refused = peer().refusedToTalk(greeting);
        throw new Unreachable(caller.passing() ? refused.softened() : refused);
      }
      named(greeting);
      stage = "performing the " + protocol.hello() + " handshake";
      Reply hello = ask(protocol.hello());
      if (hello.code() / 100 == 2) {
        capabilities = Capabilities.of(hello);
      } else if (protocol == Protocol.SMTP && hello.code() != 421) {
        stage = "performing the HELO handshake";
        hello = ask("HELO"); // RFC 5321 §3.2: a server of the old kind
      }
      if (hello.code() / 100 != 2) {
        throw new Unreachable(peer().refusedToTalk(hello));
      }
      named(hello);
    } catch (SocketTimeoutException e) {
      throw new Unreachable(peer().timedOut(stage));
    } catch (ReplyReader.Garbled e) {
      throw new Unreachable(peer().garbled(String.valueOf(e.getMessage()), stage));
    } catch (IOException e) {
      throw new Unreachable(peer().lost(stage));
    }
  }

  private Reply ask(String verb) throws IOException {
    connection.send(verb + " " + caller.hostname());
    connection.flush();
    return connection.reply(caller.waits().hello());
  }

  private void named(Reply reply) {
    names.add(Ascii.lower(reply.lines().getFirst().strip().split("\\s", 2)[0]));
  }
}
