package org.caravanmta.submission;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.caravanmta.message.Client;
import org.caravanmta.message.ClientHost;
import org.caravanmta.message.Entrance;
import org.caravanmta.message.Greeting;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Status;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;

/// Whether a recipient of posted mail exists (RFC 5321 §3.3), asked as reception asks it: the
/// client is one of our own, so that its answer is about the recipient alone.
///
/// @param recipients the restriction that knows who exists
record RecipientQuestion(UnaryOperator<Case> recipients) {
  static final Client CLIENT = client(Entrance.POSTED);

  Verdict ask(Mail mail, Recipient recipient) {
    return recipients
        .apply(
            new Case.Rcpt(
                CLIENT, mail.reversePath(), recipient.address(), 0, true, Verdict.UNDECIDED))
        .verdict();
  }

  /// What a report says of a recipient who was rejected.
  static Reason reason(Reply rejection) {
    return new Reason(
        rejection.status().orElse(Status.of("5.0.0")),
        String.join(" ", rejection.lines()),
        Optional.empty(),
        Optional.empty());
  }

  static Client client(String listener) {
    return new Client(ClientHost.here(), Greeting.NONE, Entrance.by(listener));
  }
}
