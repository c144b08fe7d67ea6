package org.caravanmta.reception.session;

import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.log.Form;
import org.caravanmta.log.Program;
import org.caravanmta.log.Told;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.caravanmta.monitor.Counters;
import org.caravanmta.monitor.Refusal;
import org.caravanmta.reception.limits.MemoryBudget;
import org.caravanmta.reception.limits.Tally;
import org.caravanmta.smtp.Keywords;
import org.caravanmta.smtp.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/// The log lines of a session, in the words of Postfix's smtpd: the message's id first, `NOQUEUE`
/// where it has none, and nothing of the peer's that is not printable.
public final class SessionLog {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

  private static final String NO_ID = "NOQUEUE";

  private SessionLog() {}

  static void connected(Client client) {
    Counters.session(client.listener());
    LOG.info(program(client), "connect from {}", client);
  }

  /// @param to whom XCLIENT says it speaks for
  static void substituted(Client from, Client to) {
    LOG.info(program(to), "connect from {}, says {}", to, from);
  }

  /// @param what of the limits in {@link org.caravanmta.reception.limits.ClientLimits}
  static void exceeded(String what, Client client) {
    LOG.warn(
        program(client), "{} limit exceeded: {} for service {}", what, client, client.listener());
  }

  static void bareLf(Client client) {
    LOG.info(program(client), "{}: bare <LF> received", client);
  }

  static void discarding(Client client, Keywords keywords) {
    LOG.info(program(client), "{}: discarding EHLO keywords: {}", client, keywords);
  }

  public static void displaced(int sessions, MemoryBudget budget) {
    LOG.warn(
        "sessions hold {} of {} bytes of memory: {} that hold most and send nothing are ended, see"
            + " limits.memory.sessions",
        budget.held(),
        budget.limit(),
        sessions);
  }

  static void named(String id, Client client, Forwarded forwarded) {
    if (Form.isPostfix()) {
      LOG.info(program(client), "{}: client={}{}{}", id, client, login(client), forwarded);
      return;
    }
    LOG.info(
        "{}: client={}{}, listener={}, helo=<{}>{}",
        id,
        client,
        login(client),
        client.listener(),
        Printable.text(client.helo()),
        Printable.text(forwarded.toString()));
  }

  static void secured(Client client) {
    Counters.secured(client.tls().orElse("none"));
    String kind =
        client
            .certificate()
            .map(certificate -> certificate.verified() ? "Trusted" : "Untrusted")
            .orElse("Anonymous");
    String agreed = client.tls().orElse("none");
    LOG.info(
        program(client),
        "{} TLS connection established from {}: {}",
        kind,
        client,
        Form.isPostfix() ? agreed.replaceFirst(" ", " with cipher ") : agreed);
  }

  public static void notSecured(Client client, Throwable why) {
    Counters.tlsFailed();
    LOG.info(
        program(client),
        Form.isPostfix() ? "SSL_accept error from {}: {}" : "TLS handshake with {} failed: {}",
        client,
        Printable.text(String.valueOf(why.getMessage())));
  }

  static void loggedIn(String mechanism) {
    Counters.login(mechanism, true);
  }

  /// Nobody can tell whether it was right. What bans clients by Postfix's log knows the words for
  /// it.
  static void loginUndecided(Client client, String mechanism, String why) {
    loginFailed(
        client, mechanism, Form.isPostfix() ? "Connection lost to authentication server" : why, "");
  }

  /// @param user whom the client said to be, empty when it did not come to that
  static void loginFailed(Client client, String mechanism, String reason, String user) {
    Counters.login(mechanism, false);
    LOG.warn(
        program(client),
        "{}: SASL {} authentication failed: {}, sasl_username={}",
        client,
        Printable.text(mechanism),
        Printable.text(reason),
        user.isEmpty() ? "(unavailable)" : Printable.text(user));
  }

  private static String login(Client client) {
    return client
        .login()
        .map(
            user ->
                ", sasl_method="
                    + client.method().orElse("")
                    + ", sasl_username="
                    + Printable.text(user))
        .orElse("");
  }

  static void messageId(Mail mail) {
    if (LOG.isInfoEnabled()) {
      String messageId = mail.headers().first("Message-ID").map(f -> f.value()).orElse("<>");
      LOG.info(Program.CLEANUP, "{}: message-id={}", mail.id(), Printable.text(messageId));
    }
  }

  static void queued(Mail mail) {
    Counters.received(mail.envelope().client().listener());
    if (Form.isPostfix()) {
      // qmgr says it when it has the message, and before who delivers it says anything
      return;
    }
    LOG.info(
        "{}: from=<{}>, size={}, nrcpt={} (queued)",
        mail.id(),
        Printable.text(mail.reversePath().toString()),
        mail.size(),
        mail.recipients().size());
  }

  /// Its client has gone before it could be told whether we have the message.
  static void notTaken(Mail mail) {
    LOG.info("{}: not queued: lost connection before the reply", mail.id());
  }

  /// @param known whether restrictions have ordered it, and have said so
  static void held(Mail mail, String why, boolean known) {
    setAside("hold", mail, why, known);
  }

  /// @param known whether restrictions have ordered it, and have said so
  static void discarded(Mail mail, String why, boolean known) {
    setAside("discard", mail, why, known);
  }

  private static void setAside(String word, Mail mail, String why, boolean known) {
    if (!Form.isPostfix()) {
      LOG.info("{}: {}: {}", mail.id(), word, Printable.text(why));
    } else if (!Told.already(mail.id()) && !known) {
      Client client = mail.envelope().client();
      LOG.info(
          program(client),
          "{}: {}: END-OF-MESSAGE from {}: {}; from=<{}> proto={} helo=<{}>",
          mail.id(),
          word,
          client,
          why,
          mail.reversePath(),
          client.protocol(),
          client.helo());
    }
  }

  /// @param step `MAIL`, `RCPT`, `END-OF-MESSAGE`
  static void rejected(
      String step,
      Client client,
      Optional<MailTransaction> transaction,
      Optional<Address> recipient,
      Reply reply) {
    String said = reply.toString();
    Counters.refused(step, Refusal.of(step, said), reply.code() >= 500);
    if (LOG.isInfoEnabled() && !(Form.isPostfix() && Told.already(id(transaction)))) {
      var line = new StringBuilder(200);
      line.append(id(transaction));
      line.append(": reject: ").append(step).append(" from ").append(client).append(": ");
      line.append(said).append(';');
      transaction.ifPresent(current -> line.append(" from=<").append(current.sender()).append('>'));
      recipient.ifPresent(address -> line.append(" to=<").append(address).append('>'));
      line.append(" proto=").append(client.protocol());
      line.append(" helo=<").append(client.helo()).append('>');
      client
          .login()
          .ifPresent(
              user ->
                  line.append(" sasl_method=")
                      .append(client.method().orElse(""))
                      .append(" sasl_username=")
                      .append(user));
      LOG.info(program(client), "{}", Printable.text(line.toString()));
    }
  }

  /// @param what `timeout`, `lost connection`, `too many errors`, …
  /// @param last the step after which it was so
  static void ended(String what, String last, Client client) {
    LOG.info(program(client), "{} after {} from {}", what, last, client);
  }

  static void disconnected(Client client, Tally tally) {
    LOG.info(program(client), "disconnect from {} {}", client, tally);
  }

  /// Something of ours did not work; the client is told to try again later.
  static void fault(Optional<MailTransaction> transaction, Client client, Throwable why) {
    LOG.warn(
        "{}: mail from {} is deferred: {}",
        id(transaction),
        client,
        Printable.text(why.toString()));
    LOG.debug("{}: is deferred", id(transaction), why);
  }

  /// We are wrong; the client is told to try again later.
  static void bug(Optional<MailTransaction> transaction, Client client, Throwable why) {
    LOG.error("{}: the session with {} broke", id(transaction), client, why);
  }

  /// Which of Postfix's services it speaks to.
  private static Marker program(Client client) {
    return switch (client.listener()) {
      case "submission" -> Program.SUBMISSION;
      case "submissions" -> Program.SUBMISSIONS;
      default -> Program.SMTPD;
    };
  }

  private static String id(Optional<MailTransaction> transaction) {
    return transaction.flatMap(MailTransaction::id).orElse(NO_ID);
  }
}
