package org.caravanmta.event;

import java.util.List;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;

/// What happens to mail from the queue to where it goes (RFC 5321 §4.5.4.1), in the words of
/// Postfix's qmgr and its delivery agents.
public sealed interface DeliveryEvent extends Event {
  /// A message, or a part of it, is to be delivered now: qmgr's `queue active`, for which there is
  /// no line of ours.
  record Activated(Mail mail) implements DeliveryEvent {}

  /// Where mail for a recipient goes cannot be told now, so that it waits; ours alone.
  record NotRouted(Mail mail, Recipient recipient, Reason reason) implements DeliveryEvent {}

  /// What an attempt came to for one recipient: the agent's `to=<…>, relay=…, status=sent`.
  ///
  /// @param transport by which it was tried
  /// @param relay who was talked to: `host[address]:port`, `local`, or `none`
  /// @param uses messages the connection has carried, this one included; 0 without one
  /// @param expired whether a deferred recipient will not be tried again: qmgr's `status=expired`
  /// @param tls what TLS was to be, and by whose policy (postfix `smtp_log_tls_feature_status`):
  ///   `secure@table`; empty where there is nothing to say
  record Attempted(
      Mail mail,
      String transport,
      Recipient recipient,
      Attempt attempt,
      String relay,
      int uses,
      Delays times,
      boolean expired,
      String tls)
      implements DeliveryEvent {
    /// An attempt without TLS.
    public Attempted(
        Mail mail,
        String transport,
        Recipient recipient,
        Attempt attempt,
        String relay,
        int uses,
        Delays times,
        boolean expired) {
      this(mail, transport, recipient, attempt, relay, uses, times, expired, "");
    }

    /// `sent`, `deferred`, `expired` or `bounced`.
    String status() {
      return switch (attempt) {
        case Attempt.Delivered _ -> "sent";
        case Attempt.Deferred _ -> expired ? "expired" : "deferred";
        case Attempt.Failed _ -> "bounced";
      };
    }
  }

  /// A recipient waits, or is returned since it has waited for too long, without an attempt: the
  /// operator has suspended its destination (postfix `defer_transports`).
  ///
  /// @param told as an attempt would be told
  record Withheld(Attempted told) implements DeliveryEvent {}

  /// A delivery task is over: qmgr's `removed`, when none of the message's recipients waits any
  /// more, for which there is no line of ours.
  ///
  /// @param waiting how many of the task's recipients still do
  record Settled(Mail mail, int waiting) implements DeliveryEvent {}

  /// The sender is not told of a recipient who will not get it; ours alone.
  ///
  /// @param wanted whether the sender wants to be, but the reverse path is null (RFC 5321 §4.5.5)
  record Unreported(Mail mail, Recipient recipient, boolean wanted) implements DeliveryEvent {}

  /// The operator has had it returned before its time: qmgr's `status=force-expired`.
  record ForceExpired(Mail mail) implements DeliveryEvent {}

  /// A stage of ours has broken on a message, or on a notice about it, which waits; ours alone.
  ///
  /// @param queue where it waits
  record Broken(Mail mail, String queue, Throwable why) implements DeliveryEvent {}

  /// A stage has broken on it too often: it is set aside for the operator; ours alone.
  ///
  /// @param faults how often
  record SetAside(Mail mail, int faults, Throwable why) implements DeliveryEvent {}

  /// An attempt was ended from outside, because it hung or because the operator wanted it; ours
  /// alone.
  ///
  /// @param number of the attempt, as `queue connections` shows it
  /// @param by `watchdog` or `operator`
  record Cut(Mail mail, long number, String transport, String nextHop, String by, String why)
      implements DeliveryEvent {}

  /// A server has not kept to SMTP in a session, or says that we have not; only those who listen
  /// are told, the log has what came of it.
  ///
  /// @param server `host[address]:port`
  /// @param transcript what was said, a line each
  record ServerErred(String server, List<String> transcript) implements DeliveryEvent {
    public ServerErred {
      transcript = List.copyOf(transcript);
    }
  }

  /// A recipient here has others get its mail, which is a message of its own: qmgr's `queue
  /// active`.
  ///
  /// @param from the id of the message it was
  record Forwarded(Mail mail, String from) implements DeliveryEvent {}
}
