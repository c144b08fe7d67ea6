package org.caravanmta.reception.session;

import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.address.ReversePath;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Command;
import org.caravanmta.smtp.Reply;

/// What happens between VRFY and its reply (RFC 5321 §3.5, §7.3): the route is asked as if there
/// were mail for the address, and nobody learns more of it than RCPT would tell.
final class VrfyPhase {
  private final Reception reception;
  private final Client client;
  private final Questioning inquiries;
  private final Consumer<Reply> end;

  /// @param end gives the reply
  VrfyPhase(Reception reception, Client client, Questioning inquiries, Consumer<Reply> end) {
    this.reception = reception;
    this.client = client;
    this.inquiries = inquiries;
    this.end = end;
  }

  void begin(Command.Vrfy vrfy) {
    inquiries.whenWelcome(
        welcome -> {
          switch (welcome) {
            case Verdict.Defer(Reply reply) -> refuse(vrfy, reply);
            case Verdict.Reject(Reply reply) -> refuse(vrfy, reply);
            case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) ->
                inquiries.ask(
                    new Case.Rcpt(
                        client, ReversePath.NULL, vrfy.address(), 0, false, Verdict.UNDECIDED),
                    body -> decided(vrfy, body));
          }
        });
  }

  private void decided(Command.Vrfy vrfy, Object body) {
    switch (new Answers(reception, client).recipient(null, vrfy.address(), body)) {
      case Verdict.Defer(Reply reply) -> refuse(vrfy, reply);
      case Verdict.Reject(Reply reply) -> refuse(vrfy, reply);
      case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold(_), Verdict.Discard(_) ->
          end.accept(Reply.of(252, "2.0.0", vrfy.text()));
    }
  }

  private void refuse(Command.Vrfy vrfy, Reply reply) {
    SessionLog.rejected("VRFY", client, null, Optional.of(vrfy.address()), reply);
    end.accept(reply);
  }
}
