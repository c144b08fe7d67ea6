package org.caravanmta.policy.restriction;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Status;
import org.caravanmta.policy.Verdict;
import org.caravanmta.policy.relay.Recipients;
import org.caravanmta.smtp.Reply;

/// What is asked of the addresses in MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3). The null reverse
/// path passes.
final class AddressRestrictions {
  private AddressRestrictions() {}

  static Finding qualifiedSender(Asked asked) {
    return asked.from().map(from -> qualified(from, asked.mailFrom())).orElse(Finding.DUNNO);
  }

  static Finding qualifiedRecipient(Asked asked) {
    return asked.recipient().map(to -> qualified(to, Asked.rcptTo(to))).orElse(Finding.DUNNO);
  }

  static Finding unlistedRecipient(Asked asked, Recipients recipients) {
    return asked
        .recipient()
        .map(to -> finding(recipients.ask(to, asked.sender())))
        .orElse(Finding.DUNNO);
  }

  /// A sender in a domain whose users we know is one of them.
  static Finding unlistedSender(Asked asked, Recipients recipients) {
    if (asked.from().isEmpty()) {
      return Finding.DUNNO;
    }
    return switch (recipients.ask(asked.from().get(), ReversePath.NULL)) {
      case Verdict.Reject(Reply reply) -> new Finding.Refused(ofSender(reply));
      case Verdict.Defer(Reply reply) -> new Finding.Refused(ofSender(reply), true);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) ->
          Finding.DUNNO;
    };
  }

  /// A report has one recipient: whoever it is about (RFC 5321 §4.5.5).
  static Finding severalRecipientsOfReport(Asked asked) {
    return asked.sender() instanceof ReversePath.Null && asked.accepted() > 1
        ? new Finding.Refused(asked.reply(550, "5.5.3", "Multi-recipient bounce"))
        : Finding.DUNNO;
  }

  private static Finding qualified(Address address, Subject subject) {
    String domain = address.domain().name();
    return address.domain().isLiteral()
            || HeloRestrictions.isHostname(domain) && HeloRestrictions.isQualified(domain)
        ? Finding.DUNNO
        : new Finding.Refused(subject.reply(504, "5.5.2", "need fully-qualified address"));
  }

  private static Finding finding(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Reject(Reply reply) -> new Finding.Refused(reply);
      case Verdict.Defer(Reply reply) -> new Finding.Refused(reply, true);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) ->
          Finding.DUNNO;
    };
  }

  /// The same, said of a sender.
  private static Reply ofSender(Reply reply) {
    Optional<Status> status =
        reply.permanentFailure() ? Optional.of(Status.of("5.1.0")) : reply.status();
    List<String> lines =
        reply.lines().stream()
            .map(
                line -> line.replace(Subject.RECIPIENT + " rejected", Subject.SENDER + " rejected"))
            .toList();
    return new Reply(reply.code(), status, lines);
  }
}
