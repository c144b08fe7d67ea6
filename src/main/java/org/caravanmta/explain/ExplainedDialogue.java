package org.caravanmta.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Client;
import org.caravanmta.message.EndpointUri;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Printable;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.table.Trail;

/// What a client and the server would say to each other up to RCPT (RFC 5321 §3.3), and after each
/// command which steps and which entries of tables had a say in the reply.
public final class ExplainedDialogue {
  private final List<String> lines = new ArrayList<>();

  /// @param line a command
  public void client(String line) {
    lines.add("C: " + line);
  }

  public void server(Reply reply) {
    lines.add("S: " + reply);
  }

  /// A word of explanation.
  public void remark(String text) {
    lines.add("  " + text);
  }

  /// A step that a case has taken: shown when a table has answered it, or it changed something.
  ///
  /// @param name as the route writes it
  public void step(String name, Case before, Trail.Followed<Case> taken) {
    var found = new ArrayList<String>();
    taken.entries().forEach(entry -> Explanation.entry(entry, found));
    Case after = taken.result();
    found.addAll(changes(before, after));
    if (!found.isEmpty()) {
      lines.add("  " + name);
      found.forEach(line -> lines.add("  " + line));
    }
  }

  private static List<String> changes(Case before, Case after) {
    var changes = new ArrayList<String>();
    Client known = after.client();
    if (!known.name().equals(before.client().name())) {
      changes.add("  the client is " + known);
    }
    if (!after.verdict().equals(before.verdict())) {
      changes.add("  decides: " + Explanation.verdict(after.verdict()));
    }
    if (before instanceof Case.Listed was && after instanceof Case.Listed is) {
      if (is.restrictionState().permitted() && !was.restrictionState().permitted()) {
        changes.add("  permits: the list ends");
      }
      if (!is.restrictionState().deferIfPermit().equals(was.restrictionState().deferIfPermit())) {
        is.restrictionState()
            .deferIfPermit()
            .ifPresent(reply -> changes.add("  unless refused: " + reply));
      }
      is.restrictionState().actions().stream()
          .skip(was.restrictionState().actions().size())
          .forEach(action -> changes.add("  orders: " + action));
    }
    if (before instanceof Case.Message was && after instanceof Case.Message is) {
      Optional<NamedTransport> filter = is.mail().envelope().filter();
      if (!filter.equals(was.mail().envelope().filter())) {
        changes.add("  content filter " + filter.map(NamedTransport::kept).orElse("none"));
      }
    }
    if (before instanceof Case.Rcpt(_, _, _, _, boolean was, _, _)
        && after instanceof Case.Rcpt(_, _, _, _, boolean is, _, _)
        && is
        && !was) {
      changes.add("  vouches for it: ours to take");
    }
    return changes;
  }

  /// Whether a verdict is a refusal, even if only for now.
  public static boolean refuses(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Reject _, Verdict.Defer _ -> true;
      case Verdict.Undecided _,
          Verdict.Permit _,
          Verdict.Hold _,
          Verdict.Discard _,
          Verdict.Taken _ ->
          false;
    };
  }

  /// Nothing in them could do something to a terminal.
  public List<String> lines() {
    return lines.stream().map(EndpointUri::shownIn).map(Printable::text).toList();
  }
}
