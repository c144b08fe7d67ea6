package org.caravanmta.event;

import java.util.Optional;
import org.caravanmta.log.Form;
import org.caravanmta.log.Program;
import org.caravanmta.message.Client;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.caravanmta.smtp.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/// The log lines of sessions: the message's id first, `NOQUEUE` where it has none, and nothing of
/// the peer's that is not printable.
final class SessionLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.reception");

  private static final String NO_ID = "NOQUEUE";

  private SessionLines() {}

  static void write(SessionEvent event) {
    switch (event) {
      case SessionEvent.Connected(Client client) ->
          LOG.info(program(client), "connect from {}", client);
      case SessionEvent.Substituted(Client from, Client to) ->
          LOG.info(program(to), "connect from {}, says {}", to, from);
      case SessionEvent.LimitExceeded(String what, Client client) ->
          LOG.warn(
              program(client),
              "{} limit exceeded: {} for service {}",
              what,
              client,
              client.listener());
      case SessionEvent.BareLfReceived(Client client) ->
          LOG.info(program(client), "{}: bare <LF> received", client);
      case SessionEvent.KeywordsDiscarded(Client client, var keywords) ->
          LOG.info(program(client), "{}: discarding EHLO keywords: {}", client, keywords);
      case SessionEvent.Displaced(int sessions, long held, long limit) ->
          LOG.warn(
              "sessions hold {} of {} bytes of memory: {} that hold most and send nothing are"
                  + " ended, see limits.memory.sessions",
              held,
              limit,
              sessions);
      case SessionEvent.Begun begun -> begun(begun);
      case SessionEvent.Secured(Client client) -> secured(client);
      case SessionEvent.NotSecured(Client client, Throwable why) ->
          LOG.info(
              program(client),
              Form.isPostfix()
                  ? "SSL_accept error from {}: {}"
                  : "TLS handshake with {} failed: {}",
              client,
              Printable.text(String.valueOf(why.getMessage())));
      case SessionEvent.LoggedIn _, SessionEvent.Troubled _ -> {}
      case SessionEvent.LoginFailed failed -> notLoggedIn(failed);
      case SessionEvent.LoginUndecided(Client client, String mechanism, String why) ->
          notLoggedIn(
              new SessionEvent.LoginFailed(
                  client,
                  mechanism,
                  Form.isPostfix() ? "Connection lost to authentication server" : why,
                  ""));
      case SessionEvent.Refused refused -> refused(refused);
      case SessionEvent.Completed(Mail mail) -> MessageLines.identified(LOG, mail);
      case SessionEvent.Queued(Mail mail) ->
          MessageLines.queued(LOG, mail, mail.recipients().size());
      case SessionEvent.NotQueued(Mail mail) ->
          LOG.info("{}: not queued: lost connection before the reply", mail.id());
      case SessionEvent.Held(Mail mail, String why, boolean known) ->
          setAside("hold", mail, why, known);
      case SessionEvent.Discarded(Mail mail, String why, boolean known) ->
          setAside("discard", mail, why, known);
      case SessionEvent.Taken(Mail mail, Reply reply) ->
          LOG.info(
              program(mail.envelope().client()),
              "{}: proxy-accept: END-OF-MESSAGE: {}; from=<{}> to=<{}>",
              mail.id(),
              Printable.text(reply.toString()),
              Printable.text(mail.envelope().reversePath().toString()),
              Printable.text(mail.recipients().getFirst().address().toString()));
      case SessionEvent.Ended(String what, String last, Client client) ->
          LOG.info(program(client), "{} after {} from {}", what, last, client);
      case SessionEvent.Disconnected(Client client, String tally) ->
          LOG.info(program(client), "disconnect from {} {}", client, tally);
      case SessionEvent.Faulted(Optional<String> id, Client client, Throwable why) -> {
        LOG.warn(
            "{}: mail from {} is deferred: {}",
            id.orElse(NO_ID),
            client,
            Printable.text(why.toString()));
        LOG.debug("{}: is deferred", id.orElse(NO_ID), why);
      }
      case SessionEvent.Broken(Optional<String> id, Client client, Throwable why) ->
          LOG.error("{}: the session with {} broke", id.orElse(NO_ID), client, why);
    }
  }

  private static void begun(SessionEvent.Begun begun) {
    Client client = begun.client();
    if (!LOG.isInfoEnabled()) {
      return;
    }
    if (Form.isPostfix()) {
      LOG.info(
          program(client),
          "{}: client={}{}{}",
          begun.id(),
          client,
          login(client),
          begun.forwarded());
      return;
    }
    LOG.info(
        "{}: client={}{}, listener={}, helo=<{}>{}",
        begun.id(),
        client,
        login(client),
        client.listener(),
        Printable.text(client.helo()),
        Printable.text(begun.forwarded()));
  }

  private static void secured(Client client) {
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

  private static void notLoggedIn(SessionEvent.LoginFailed failed) {
    LOG.warn(
        program(failed.client()),
        "{}: SASL {} authentication failed: {}, sasl_username={}",
        failed.client(),
        Printable.text(failed.mechanism()),
        Printable.text(failed.reason()),
        failed.user().isEmpty() ? "(unavailable)" : Printable.text(failed.user()));
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

  private static void setAside(String word, Mail mail, String why, boolean known) {
    if (Told.already(Told.key(mail.id(), "END-OF-MESSAGE", mail.envelope().client()))) {
      return;
    }
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

  private static void refused(SessionEvent.Refused refused) {
    String id = refused.id().orElse(NO_ID);
    boolean told =
        Told.already(Told.key(refused.id().orElse(""), refused.step(), refused.client()))
            || Form.isPostfix() && Told.already(id);
    if (told || !LOG.isInfoEnabled()) {
      return;
    }
    Client client = refused.client();
    var line = new StringBuilder(200);
    line.append(id);
    line.append(": reject: ").append(refused.step()).append(" from ").append(client).append(": ");
    line.append(refused.reply()).append(';');
    refused.sender().ifPresent(sender -> line.append(" from=<").append(sender).append('>'));
    refused.recipient().ifPresent(address -> line.append(" to=<").append(address).append('>'));
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

  /// Which of Postfix's services it speaks to.
  static Marker program(Client client) {
    return switch (client.listener()) {
      case "submission" -> Program.SUBMISSION;
      case "submissions" -> Program.SUBMISSIONS;
      default -> Program.SMTPD;
    };
  }
}
