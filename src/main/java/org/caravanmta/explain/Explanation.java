package org.caravanmta.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.message.Content;
import org.caravanmta.message.Destination;
import org.caravanmta.message.EndpointUri;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Recipient;
import org.caravanmta.message.Task;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.table.Trail;

/// What each step makes of a message, line by line, with the entries of tables that decided it.
public final class Explanation {
  /// How much of what a table was asked is shown.
  private static final int SHOWN = 120;

  private final List<ExplainedStep> rewriting;
  private final List<ExplainedStep> checks;
  private final Function<Case.Message, List<String>> filters;
  private final Function<Address, String> classOf;
  private final Function<Mail, Handover> routing;
  private final Function<Destination, List<String>> ceilings;

  /// @param filters says which content filters would see a message, in lines
  /// @param ceilings says how much a destination gets at the most
  /// @param classOf says whether an address is one of our own, one that we relay to, or elsewhere
  public Explanation(
      List<ExplainedStep> rewriting,
      List<ExplainedStep> checks,
      Function<Case.Message, List<String>> filters,
      Function<Address, String> classOf,
      Function<Mail, Handover> routing,
      Function<Destination, List<String>> ceilings) {
    this.rewriting = List.copyOf(rewriting);
    this.checks = List.copyOf(checks);
    this.filters = filters;
    this.classOf = classOf;
    this.routing = routing;
    this.ceilings = ceilings;
  }

  /// What becomes of the recipients of a message without text.
  public List<String> address(Mail mail) {
    var lines = new ArrayList<String>();
    recipients(run(rewriting, new Case.Message(mail), lines), lines);
    return printable(lines);
  }

  /// What becomes of a message, its text and its recipients.
  public List<String> message(Mail mail) {
    var lines = new ArrayList<String>();
    Case.Message rewritten = run(rewriting, new Case.Message(mail), lines);
    recipients(rewritten.open() ? run(checks, rewritten, lines) : rewritten, lines);
    return printable(lines);
  }

  private static Case.Message run(
      List<ExplainedStep> steps, Case.Message message, List<String> lines) {
    Case.Message now = message;
    for (ExplainedStep step : steps) {
      Case.Message before = now;
      var followed = Trail.follow(() -> step.bean().apply(before));
      now = followed.result() instanceof Case.Message after ? after : before;
      lines.add(step.name());
      followed.entries().forEach(entry -> entry(entry, lines));
      changes(before.mail(), now.mail(), lines);
      if (!now.verdict().equals(before.verdict())) {
        lines.add("  verdict: " + verdict(now.verdict()));
      }
      if (lines.getLast().equals(step.name())) {
        lines.add("  nothing changes");
      }
      if (!now.open() && !(now.verdict() instanceof Verdict.Hold)) {
        break;
      }
    }
    return now;
  }

  private static void changes(Mail before, Mail after, List<String> lines) {
    if (!before.reversePath().equals(after.reversePath())) {
      lines.add("  from <" + before.reversePath() + "> to <" + after.reversePath() + ">");
    }
    List<String> given = before.recipients().stream().map(r -> r.address().toString()).toList();
    List<String> now = after.recipients().stream().map(r -> r.address().toString()).toList();
    if (!given.equals(now)) {
      lines.add("  recipients " + String.join(", ", given) + " to " + String.join(", ", now));
    }
    Optional<NamedTransport> filter = after.envelope().filter();
    if (!before.envelope().filter().equals(filter)) {
      lines.add("  content filter " + filter.map(NamedTransport::toString).orElse("none"));
    }
    List<String> old = fields(before.headers());
    List<String> changed = fields(after.headers());
    old.stream().filter(f -> !changed.contains(f)).forEach(f -> lines.add("  - " + f));
    changed.stream().filter(f -> !old.contains(f)).forEach(f -> lines.add("  + " + f));
    if (!same(before.content(), after.content())) {
      lines.add(
          "  body changes, %d bytes to %d"
              .formatted(before.content().length(), after.content().length()));
    }
  }

  private static boolean same(Content before, Content after) {
    return before == after || before.equals(after);
  }

  private void recipients(Case.Message message, List<String> lines) {
    boolean taken =
        switch (message.verdict()) {
          case Verdict.Undecided(), Verdict.Permit(), Verdict.Hold _ -> true;
          case Verdict.Defer(_), Verdict.Reject(_), Verdict.Discard(_), Verdict.Taken(_) -> false;
        };
    if (!taken) {
      return;
    }
    lines.addAll(filters.apply(message));
    for (Recipient recipient : message.mail().recipients()) {
      lines.add("<" + recipient.address() + ">");
      lines.add("  class: " + classOf.apply(recipient.address()));
      var followed =
          Trail.follow(
              () -> {
                Mail his = message.mail().with(List.of(recipient));
                Handover parts = routing.apply(his);
                if (!parts.tasks(Queues.ANY_FILTER).isEmpty()) {
                  // where it goes when they have passed it
                  parts = routing.apply(his.with(his.envelope().through(Optional.empty())));
                }
                var tasks = new ArrayList<>(parts.tasks(Queues.ANY_DELIVERY));
                tasks.addAll(parts.tasks(Queues.ANY_DEFERRED));
                return tasks;
              });
      followed.entries().forEach(entry -> entry(entry, lines));
      followed.result().forEach(task -> task(task, recipient, lines));
    }
  }

  private void task(Task task, Recipient recipient, List<String> lines) {
    if (!(task.body() instanceof Mail mail)) {
      return;
    }
    for (Recipient resolved : mail.recipients()) {
      if (!resolved.address().equals(recipient.address())) {
        lines.add("  address: " + resolved.address());
      }
      resolved.last().ifPresent(reason -> lines.add("  deferred: " + reason.text()));
    }
    mail.envelope()
        .destination()
        .ifPresent(
            destination -> {
              lines.add("  transport: " + destination.transport());
              lines.add("  next hop: " + destination.nextHop());
              ceilings.apply(destination).forEach(line -> lines.add("  " + line));
            });
  }

  static void entry(Trail.Entry entry, List<String> lines) {
    String key = entry.key().replaceAll("\r?\n", " ");
    lines.add("  " + (key.length() > SHOWN ? key.substring(0, SHOWN) + "…" : key));
    lines.add("    " + entry);
  }

  private static List<String> fields(Headers headers) {
    return headers.fields().stream().map(Headers.Field::text).toList();
  }

  static String verdict(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Undecided() -> "nothing against it";
      case Verdict.Permit() -> "accepted";
      case Verdict.Defer(var reply) -> reply.toString();
      case Verdict.Reject(var reply) -> reply.toString();
      case Verdict.Hold(String why, _) -> "held" + (why.isEmpty() ? "" : ": " + why);
      case Verdict.Discard(String why) -> "dropped" + (why.isEmpty() ? "" : ": " + why);
      case Verdict.Taken(var reply) -> "taken over by a content filter: " + reply;
    };
  }

  /// Nothing from a message that could do something to a terminal.
  private static List<String> printable(List<String> lines) {
    return lines.stream()
        .map(line -> Printable.text(EndpointUri.shownIn(line.replaceAll("\r?\n", " "))))
        .toList();
  }
}
