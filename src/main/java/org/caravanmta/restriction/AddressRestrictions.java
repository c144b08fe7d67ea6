package org.caravanmta.restriction;

import java.util.List;
import java.util.Optional;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Status;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.policy.Verdict;
import org.caravanmta.restriction.relay.KnownRecipients;
import org.caravanmta.smtp.Reply;

/// What is asked of the addresses in MAIL and RCPT (RFC 5321 §4.1.1.2, §4.1.1.3). The null reverse
/// path passes.
record AddressRestrictions(KnownRecipients recipients, RefusalCodes codes) {

  Finding qualifiedSender(RestrictedCase asked) {
    String given = asked.restrictionState().givenPaths().sender();
    return asked
        .from()
        .map(from -> qualified(ReplySubject.SENDER, given.isEmpty() ? from.toString() : given))
        .orElse(Finding.DUNNO);
  }

  Finding qualifiedRecipient(RestrictedCase asked) {
    String given = asked.restrictionState().givenPaths().recipient();
    return asked
        .recipient()
        .map(to -> qualified(ReplySubject.RECIPIENT, given.isEmpty() ? to.toString() : given))
        .orElse(Finding.DUNNO);
  }

  Finding unlistedRecipient(RestrictedCase asked) {
    return asked
        .recipient()
        .map(to -> finding(recipients.ask(to, asked.sender())))
        .orElse(Finding.DUNNO);
  }

  /// A sender in a domain whose users we know is one of them.
  Finding unlistedSender(RestrictedCase asked) {
    if (asked.from().isEmpty()) {
      return Finding.DUNNO;
    }
    return switch (recipients.ask(asked.from().get(), ReversePath.NULL)) {
      case Verdict.Reject(Reply reply) -> new Finding.Refused(ofSender(reply));
      case Verdict.Defer(Reply reply) -> new Finding.Refused(ofSender(reply), true);
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Hold _,
          Verdict.Discard(_),
          Verdict.Taken(_) ->
          Finding.DUNNO;
    };
  }

  /// A report has one recipient: whoever it is about (RFC 5321 §4.5.5).
  Finding severalRecipientsOfReport(RestrictedCase asked) {
    return asked.sender() instanceof ReversePath.Null && asked.accepted() > 1
        ? new Finding.Refused(
            asked.reply(codes.multiRecipientBounce(), "5.5.3", "Multi-recipient bounce"))
        : Finding.DUNNO;
  }

  /// Judged as it was given: what completes an address makes any domain whole.
  private Finding qualified(String kind, String path) {
    // a source route says nothing (RFC 5321 Appendix C)
    String given = path.startsWith("@") ? path.substring(path.indexOf(':') + 1) : path;
    String domain = HeloRestrictions.ascii(given.substring(given.lastIndexOf('@') + 1));
    boolean literal = domain.startsWith("[") && domain.endsWith("]");
    boolean whole = HeloRestrictions.isHostname(domain) && HeloRestrictions.isQualified(domain);
    return given.indexOf('@') >= 0 && (literal || whole)
        ? Finding.DUNNO
        : new Finding.Refused(
            new ReplySubject(kind, given)
                .reply(codes.nonFqdn(), "5.5.2", "need fully-qualified address"));
  }

  private static Finding finding(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Reject(Reply reply) -> new Finding.Refused(reply);
      case Verdict.Defer(Reply reply) -> new Finding.Refused(reply, true);
      case Verdict.Undecided(),
          Verdict.Permit(),
          Verdict.Hold _,
          Verdict.Discard(_),
          Verdict.Taken(_) ->
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
                line ->
                    line.replace(
                        ReplySubject.RECIPIENT + " rejected", ReplySubject.SENDER + " rejected"))
            .toList();
    return new Reply(reply.code(), status, lines);
  }
}
