package org.caravanmta.event;

import org.caravanmta.log.Form;
import org.caravanmta.log.Program;
import org.caravanmta.message.Envelope;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Attempt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of delivery. One for each recipient of each attempt, with Postfix's keys in
/// Postfix's order (postfix `qmgr(8)`), so that the tools that read its log read ours:
///
/// ```
/// 4XyZ12abcdz3k: to=<a@ex.example>, relay=mx.ex.example[192.0.2.1]:25, delay=1.2, delays=0.1/0/0.5/0.6, tls=may, dsn=2.0.0, status=sent (250 2.0.0 Ok)
/// ```
final class DeliveryLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.delivery");
  private static final Logger RETRY = LoggerFactory.getLogger("org.caravanmta.retry");
  private static final Logger ROUTING = LoggerFactory.getLogger("org.caravanmta.routing");

  private DeliveryLines() {}

  static void write(DeliveryEvent event) {
    switch (event) {
      case DeliveryEvent.Activated(Mail mail) -> activated(mail);
      case DeliveryEvent.NotRouted(Mail mail, Recipient recipient, Reason reason) ->
          ROUTING.warn(
              "{}: <{}> cannot be routed: {}", mail.id(), recipient.address(), reason.text());
      case DeliveryEvent.Attempted attempted -> attempted(attempted);
      case DeliveryEvent.Withheld(var told) -> attempted(told);
      case DeliveryEvent.Settled(Mail mail, int waiting) -> {
        if (Form.isPostfix()
            && Remaining.settle(mail.id(), mail.recipients().size() - waiting, waiting)) {
          RETRY.info(Program.QMGR, "{}: removed", mail.id());
        }
      }
      case DeliveryEvent.Unreported(Mail mail, Recipient recipient, boolean wanted) ->
          RETRY.info(
              wanted
                  ? "{}: no report for <{}>: null reverse path"
                  : "{}: no report for <{}>: not wanted",
              mail.id(),
              recipient.address());
      case DeliveryEvent.ForceExpired(Mail mail) ->
          RETRY.info(
              Program.QMGR,
              "{}: from=<{}>, status=force-expired, returned to sender",
              mail.id(),
              mail.reversePath());
      case DeliveryEvent.Broken(Mail mail, String queue, Throwable why) ->
          RETRY.error("{}: a stage broke on it, waits in {}", mail.id(), queue, why);
      case DeliveryEvent.SetAside(Mail mail, int faults, Throwable why) ->
          RETRY.error(
              "{}: set aside as dead: a stage broke on it {} times", mail.id(), faults, why);
      case DeliveryEvent.Cut(
              Mail mail,
              long number,
              String transport,
              String nextHop,
              String _,
              String why) ->
          LOG.warn(
              "{}: attempt {}, transport={}, nexthop={}, from=<{}>, nrcpt={}: {}",
              mail.id(),
              number,
              transport,
              Printable.text(nextHop),
              mail.reversePath(),
              mail.recipients().size(),
              Printable.text(why));
      case DeliveryEvent.ServerErred _ -> {}
      case DeliveryEvent.Forwarded(Mail mail, String from) -> forwarded(mail, from);
    }
  }

  private static void activated(Mail mail) {
    if (!Form.isPostfix()) {
      return;
    }
    Envelope envelope = mail.envelope();
    if (envelope.progress().attempt() == 0
        && envelope.progress().due().equals(envelope.arrived())) {
      Remaining.begin(mail.id(), mail.recipients().size());
    }
    MessageLines.active(ROUTING, mail);
  }

  private static void attempted(DeliveryEvent.Attempted attempted) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    Mail mail = attempted.mail();
    if (!Form.isPostfix()) {
      LOG.info(line(mail.id(), attempted, attempted.status()));
      return;
    }
    boolean expired = attempted.status().equals("expired");
    LOG.info(
        Program.agent(attempted.transport()),
        line(mail.id(), attempted, expired ? "deferred" : attempted.status()));
    if (expired) {
      LOG.info(
          Program.QMGR,
          "{}: from=<{}>, status=expired, returned to sender",
          mail.id(),
          mail.reversePath());
    }
  }

  private static void forwarded(Mail mail, String from) {
    if (Form.isPostfix()) {
      MessageLines.active(LOG, mail);
    } else {
      LOG.info(
          Program.QMGR,
          "{}: from=<{}>, size={}, nrcpt={} (queued, forwarded from {})",
          mail.id(),
          mail.reversePath(),
          mail.size(),
          mail.recipients().size(),
          from);
    }
  }

  /// @param word what it came to, `sent`
  static String line(String id, DeliveryEvent.Attempted attempted, String word) {
    Recipient recipient = attempted.recipient();
    var line = new StringBuilder(256);
    line.append(id).append(": to=<").append(recipient.address()).append('>');
    if (!recipient.original().equals(recipient.address())) {
      line.append(", orig_to=<").append(recipient.original()).append('>');
    }
    line.append(", relay=").append(attempted.relay());
    if (attempted.uses() > 1) {
      line.append(", conn_use=").append(attempted.uses());
    }
    Delays times = attempted.times();
    line.append(", delay=").append(Delays.seconds(times.total())).append(", delays=").append(times);
    // the readers of Postfix's log know no field there
    if (!attempted.tls().isEmpty() && !Form.isPostfix()) {
      line.append(", tls=").append(attempted.tls());
    }
    return switch (attempted.attempt()) {
      case Attempt.Delivered delivered -> end(line, delivered.status(), word, delivered.text());
      case Attempt.Deferred(Reason reason) -> end(line, reason.status(), word, reason.text());
      case Attempt.Failed(Reason reason) -> end(line, reason.status(), word, reason.text());
    };
  }

  /// The same line where nothing was tried.
  ///
  /// @param timed whether it has its delays, which are none
  static String withoutAttempt(
      String id, Recipient recipient, boolean timed, Reason reason, String word) {
    var line = new StringBuilder(128);
    line.append(id).append(": to=<").append(Printable.text(recipient.address().toString()));
    line.append(">, relay=none").append(timed ? ", delay=0, delays=0/0/0/0" : "");
    return end(line, reason.status(), word, Printable.text(reason.text()));
  }

  private static String end(StringBuilder line, Status status, String word, String text) {
    return line.append(", dsn=")
        .append(status)
        .append(", status=")
        .append(word)
        .append(" (")
        .append(text)
        .append(')')
        .toString();
  }
}
