package org.caravanmta.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Address;
import org.caravanmta.address.Origin;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Notify;
import org.caravanmta.message.Recipient;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;

/// What rules have decided about one message, apart from its text: whether it is accepted, and who
/// gets it.
final class CheckOutcome {
  private final Origin origin;
  private final List<Recipient> copies = new ArrayList<>();
  private Optional<Address> redirect = Optional.empty();
  private Optional<NamedTransport> filter = Optional.empty();
  private Optional<String> hold = Optional.empty();
  private Optional<Verdict> end = Optional.empty();
  private boolean passed;

  /// @param origin completes the addresses of rules
  CheckOutcome(Origin origin) {
    this.origin = origin;
  }

  /// Records what a rule has decided.
  ///
  /// @return whether further rules are to be asked
  boolean take(RuleAction action) {
    switch (action) {
      case RuleAction.Reject(var reply) ->
          end =
              Optional.of(
                  reply.transientFailure() ? new Verdict.Defer(reply) : new Verdict.Reject(reply));
      case RuleAction.Discard(String why) -> end = Optional.of(new Verdict.Discard(why));
      case RuleAction.Hold(String why) -> hold = Optional.of(why);
      case RuleAction.Filter(NamedTransport through) -> filter = Optional.of(through);
      case RuleAction.Redirect(Address address) -> {
        redirect = Optional.of(origin.complete(address));
        passed = true;
      }
      case RuleAction.Copy(Address address) -> copies.add(copy(origin.complete(address)));
      case RuleAction.Pass _ -> passed = true;
      case RuleAction.Strip _,
          RuleAction.Replace _,
          RuleAction.Prepend _,
          RuleAction.Log _,
          RuleAction.Nothing _ -> {}
    }
    return end.isEmpty() && !passed;
  }

  /// Ends the checks with this verdict, since a rule could not be asked.
  void end(Verdict verdict) {
    end = Optional.of(verdict);
  }

  /// The verdict after which nothing further is looked at; absent if there is none.
  Optional<Verdict> end() {
    return end;
  }

  /// Whether a rule has ended the checks without a verdict: PASS, or REDIRECT.
  boolean passed() {
    return passed;
  }

  /// The recipients of copies that the sender does not know of; none when a rule has redirected the
  /// message.
  List<Recipient> copies() {
    return redirect.isPresent() ? List.of() : List.copyOf(copies);
  }

  /// The message for those who are to get it, held if a rule says so.
  ///
  /// @param mail the message with its text as the rules left it
  Case.Message of(Case.Message message, Mail mail) {
    return of(message, mail, copies());
  }

  /// The message for those who are to get it, held if a rule says so.
  ///
  /// @param mail the message with its text as the rules left it
  /// @param copied the recipients of copies, their addresses rewritten
  Case.Message of(Case.Message message, Mail mail, List<Recipient> copied) {
    Mail result = mail;
    if (redirect.isPresent()) {
      result = result.with(List.of(Recipient.of(redirect.get())));
      result = result.with(result.envelope().through(Optional.empty()));
    } else if (!copied.isEmpty()) {
      var recipients = new ArrayList<>(mail.recipients());
      copied.stream().filter(copy -> !recipients.contains(copy)).forEach(recipients::add);
      result = result.with(recipients);
    }
    if (filter.isPresent() && redirect.isEmpty() && !message.restrictionState().redirected()) {
      result = result.with(result.envelope().through(filter));
    }
    Case.Message edited = message.with(result).orTooMany();
    return hold.isPresent() && edited.open()
        ? edited.decided(new Verdict.Hold(hold.get()))
        : edited;
  }

  /// A recipient about whom no report is sent, since the sender does not know of the copy.
  private static Recipient copy(Address address) {
    return new Recipient(
        address, address, Optional.of(Notify.NEVER), Optional.empty(), Optional.empty());
  }
}
