package org.caravanmta.smtp.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Ascii;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.Unreachable.Insecure;
import org.caravanmta.tls.client.SecureChannel;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsProblem;

/// A session with a server after both have greeted (RFC 5321 §3.1, §3.2). It carries one message
/// after another, as long as it is {@link #usable}. For one thread at a time.
public final class SmtpDialogue implements AutoCloseable {
  private static final String STARTTLS = "performing the STARTTLS handshake";
  private static final String AUTH = "performing the AUTH handshake";

  private final Connection connection;
  private final Protocol protocol;
  private final SmtpCaller caller;
  private final Approach approach;
  private final Set<String> names = new LinkedHashSet<>();
  private Capabilities capabilities = Capabilities.NONE;
  private Optional<SecureChannel> channel = Optional.empty();

  /// What we are doing, for the log and reports.
  private String stage = "receiving the initial server greeting";

  private boolean usable;
  private int uses;

  /// Whether we would log in, but the server offers no login.
  private boolean unknown;

  private SmtpDialogue(
      Connection connection, Protocol protocol, SmtpCaller caller, Approach approach) {
    this.connection = connection;
    this.protocol = protocol;
    this.caller = caller;
    this.approach = approach;
  }

  /// Connects, waits for the greeting, sends EHLO, HELO or LHLO, goes on in TLS as the approach
  /// wants, and logs in if it says so.
  ///
  /// @throws Unreachable if any of this fails
  public static SmtpDialogue open(
      Peer peer, Protocol protocol, SmtpCaller caller, Approach approach) throws Unreachable {
    if (caller.tls().isEmpty() && approach.tls().level() != SecurityLevel.NONE) {
      throw new IllegalArgumentException("this caller does not speak TLS");
    }
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
    connection.serve(Headway.current());
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
    Transfer transfer = unknown ? transaction.run().withoutLogin() : transaction.run();
    usable =
        switch (transfer.ending()) {
          case REUSABLE, UNFIT -> true;
          case LOST, STALE, FINAL -> false;
        };
    return transfer;
  }

  /// Offers a message for all of its recipients or for none, with XFORWARD if the server takes it:
  /// the first refusal of any part is one of the message (postfix `smtpd_proxy_filter`). Whatever
  /// the server does is in the result; nothing is thrown for it.
  public JointAnswer offer(Mail mail, Bodies bodies) {
    connection.serve(Headway.current());
    usable = false;
    uses++;
    var transaction = new JointTransaction(connection, capabilities, caller, mail, bodies);
    JointAnswer answer = transaction.run();
    usable = transaction.usable();
    return answer;
  }

  public Peer peer() {
    return connection.peer();
  }

  Protocol protocol() {
    return protocol;
  }

  /// How we came to the server.
  public Approach approach() {
    return approach;
  }

  /// The address of ours; absent for a socket in the file system.
  public Optional<InetAddress> from() {
    return connection.address();
  }

  /// The names that the server gave itself in its greeting and in its reply to EHLO, in lower case.
  /// If our own name is among them, we talk to ourselves.
  public Set<String> names() {
    return names;
  }

  /// What was agreed on in TLS; absent in the clear.
  public Optional<SecureChannel> channel() {
    return channel;
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
    Headway headway = Headway.current();
    Optional<StartTls> tls =
        caller.tls().map(mine -> new StartTls(connection, mine, approach.tls()));
    try {
      if (approach.wrapped() && tls.isPresent()) {
        headway.step(Step.STARTTLS, tlsTimeout());
        channel = Optional.of(tls.get().begin());
      }
      headway.step(Step.GREETING);
      Reply greeting = connection.reply(caller.timeouts().hello());
      if (greeting.code() / 100 != 2) {
        Reason refused = peer().refusedToTalk(greeting);
        throw new Unreachable(caller.settings().skipRefusal() ? refused.softened() : refused, true);
      }
      addName(greeting);
      hello();
      if (channel.isEmpty() && tls.isPresent()) {
        stage = STARTTLS;
        headway.step(Step.STARTTLS, tlsTimeout());
        channel = tls.get().ask(capabilities);
        if (channel.isPresent()) {
          // RFC 3207 §4.2: what was said before may come from somebody in between
          capabilities = Capabilities.NONE;
          hello();
        }
      }
      if (approach.login().isPresent()) {
        stage = AUTH;
        headway.step(Step.AUTH);
        unknown =
            !new AuthStep(
                    connection, approach.login().get(), capabilities, caller.timeouts().hello())
                .run();
      }
    } catch (SocketTimeoutException e) {
      throw unreachable(peer().timedOut(stage));
    } catch (ReplyReader.Garbled e) {
      throw unreachable(peer().garbled(String.valueOf(e.getMessage()), stage));
    } catch (IOException e) {
      throw unreachable(peer().lost(stage));
    }
  }

  private Duration tlsTimeout() {
    return caller.tls().map(TlsClient::timeout).orElse(Duration.ZERO);
  }

  /// Greets the server, and hears what it offers.
  private void hello() throws IOException, Unreachable {
    stage = "performing the " + protocol.hello() + " handshake";
    Headway.current().step(Step.EHLO);
    Reply hello = ask(protocol.hello());
    if (hello.code() / 100 == 2) {
      capabilities = Capabilities.of(hello);
    } else if (protocol == Protocol.SMTP && hello.code() != 421) {
      stage = "performing the HELO handshake";
      hello = ask("HELO"); // RFC 5321 §3.2: a server that does not know EHLO
    }
    if (hello.code() / 100 != 2) {
      throw new Unreachable(peer().refusedToTalk(hello), true);
    }
    addName(hello);
  }

  /// A connection that is lost with STARTTLS, or in TLS before any mail, may do better in the
  /// clear.
  private Unreachable unreachable(Reason reason) {
    return channel.isPresent() && !stage.equals(AUTH) || stage.equals(STARTTLS)
        ? new Unreachable(
            reason, true, new Insecure(TlsProblem.VALIDATION_FAILURE, reason.text(), true, from()))
        : new Unreachable(reason, true);
  }

  private Reply ask(String verb) throws IOException {
    connection.send(verb + " " + approach.helo().orElseGet(caller::helo));
    connection.flush();
    return connection.reply(caller.timeouts().hello());
  }

  private void addName(Reply reply) {
    names.add(Ascii.lower(reply.lines().getFirst().strip().split("\\s", 2)[0]));
  }
}
