package org.caravanmta.rehearsal;

import java.util.List;
import org.caravanmta.Assembly;
import org.caravanmta.address.Address;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;
import org.caravanmta.explain.ExplainedDialogue;
import org.caravanmta.message.Client;
import org.caravanmta.message.Printable;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.stage.Problem;

/// A client with one recipient before the listeners' route, to see whether they are let in. The
/// greylist knows nobody here, and learns nothing: it answers as it does at a first attempt.
record Audition(Assembly assembly, String hostname, Client client) {
  private static final String RECEPTION = "direct:reception";

  /// @param lines of the dialogue
  /// @param taken whether the recipient was not refused
  record Heard(List<String> lines, boolean taken) {}

  Heard of(ReversePath sender, Address recipient) throws Problem {
    var dialogue = new ExplainedDialogue();
    var walk = new RouteWalk(assembly, dialogue);
    dialogue.remark("connection from " + Literals.text(client.address()));
    Case connected = walk.along(RECEPTION, new Case.Connection(client, Verdict.UNDECIDED));
    Verdict welcome = outcome(connected);
    if (ExplainedDialogue.refuses(welcome)) {
      dialogue.remark("which is said at RCPT, unless smtp.delay-reject is false");
    }
    dialogue.server(Reply.plain(220, hostname + " ESMTP"));
    dialogue.client("EHLO " + Printable.ascii(client.helo()));
    dialogue.server(Reply.plain(250, hostname));
    client
        .login()
        .ifPresent(
            user -> {
              dialogue.client("AUTH … as " + user);
              dialogue.server(Reply.of(235, "2.7.0", "Authentication successful"));
            });
    dialogue.client("MAIL FROM:<" + sender + ">");
    dialogue.server(Reply.of(250, "2.1.0", "Ok"));
    dialogue.client("RCPT TO:<" + recipient + ">");
    Verdict verdict =
        ExplainedDialogue.refuses(welcome)
            ? welcome
            : asked(walk, connected, sender, recipient, dialogue);
    dialogue.server(
        switch (verdict) {
          case Verdict.Reject(Reply reply) -> reply;
          case Verdict.Defer(Reply reply) -> reply;
          case Verdict.Undecided _,
              Verdict.Permit _,
              Verdict.Hold _,
              Verdict.Discard _,
              Verdict.Taken _ ->
              Reply.of(250, "2.1.5", "Ok");
        });
    return new Heard(dialogue.lines(), !ExplainedDialogue.refuses(verdict));
  }

  /// As the session puts it, and takes the answer.
  private static Verdict asked(
      RouteWalk walk,
      Case connected,
      ReversePath sender,
      Address recipient,
      ExplainedDialogue dialogue)
      throws Problem {
    Case answer =
        walk.along(
            RECEPTION,
            new Case.Rcpt(connected.client(), sender, recipient, 0, false, Verdict.UNDECIDED));
    if (answer instanceof Case.Rcpt rcpt
        && !ExplainedDialogue.refuses(rcpt.verdict())
        && !rcpt.vouched()) {
      dialogue.remark("no relay restriction vouches for it");
      return new Verdict.Reject(Reply.of(554, "5.7.1", "<" + recipient + ">: Relay access denied"));
    }
    return outcome(answer);
  }

  private static Verdict outcome(Case c) {
    return c instanceof Case.Listed listed ? listed.outcome() : c.verdict();
  }
}
