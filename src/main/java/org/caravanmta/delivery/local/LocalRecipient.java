package org.caravanmta.delivery.local;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.alias.AliasTargets;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.mailbox.MailboxCopy;
import org.caravanmta.event.Events;
import org.caravanmta.event.LocalEvent;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.jspecify.annotations.Nullable;

/// One recipient of a message in one attempt, with the result of each act that the recipient stands
/// for (RFC 5321 §3.9): it is done, it has failed, or it waits. For one thread.
final class LocalRecipient {
  /// The relay that the log names.
  static final String RELAY = "local";

  private final Mail mail;
  private final Recipient recipient;
  private final MailboxCopy copy;
  private final List<Mail> made = new ArrayList<>();
  private final List<Attempt.Failed> failures = new ArrayList<>();
  // the keys of acts that are done, in this attempt or before, and of those that have failed
  private final Set<String> done;
  private final Set<String> ended = new HashSet<>();
  private Notice.@Nullable Action success = Notice.Action.DELIVERED;

  /// @param originals whether a copy has `X-Original-To`
  LocalRecipient(Mail mail, Recipient recipient, Bodies bodies, boolean originals) {
    this.mail = mail;
    this.recipient = recipient;
    this.copy = new MailboxCopy(mail, recipient, bodies, originals);
    this.done = new HashSet<>(recipient.done());
  }

  Mail mail() {
    return mail;
  }

  Recipient recipient() {
    return recipient;
  }

  /// The message as a mailbox, a file or a command gets it.
  MailboxCopy copy() {
    return copy;
  }

  /// Whether an act was done in an earlier attempt, or before in this one.
  boolean isDone(AliasTargets.Act act) {
    return done.contains(act.key());
  }

  /// Takes the result of these acts, and returns it.
  Attempt settled(Attempt attempt, List<? extends AliasTargets.Act> acts) {
    List<String> keys = acts.stream().map(AliasTargets.Act::key).toList();
    switch (attempt) {
      case Attempt.Deferred _ -> {}
      case Attempt.Failed failed -> {
        failures.add(failed);
        ended.addAll(keys);
      }
      case Attempt.Delivered _ -> done.addAll(keys);
    }
    return attempt;
  }

  /// Adds the parts of a message that this recipient's mail has become.
  void makes(List<Mail> parts) {
    made.addAll(parts);
  }

  /// Says what a report of success would call the delivery (RFC 3464 §2.3.3).
  void succeedsBy(Notice.Action action) {
    success = action;
  }

  /// Leaves it to another transport to report success.
  void isPassedOn() {
    success = null;
  }

  /// The messages that this recipient's mail has become.
  List<Mail> made() {
    return made;
  }

  /// The result for the recipient. If it is deferred, the acts that are done or have failed are
  /// noted in the recipient, so that they are not tried again.
  ///
  /// @param attempt the result of all acts together
  RecipientResult result(Attempt attempt) {
    var over = new HashSet<String>();
    if (attempt instanceof Attempt.Deferred && !(done.isEmpty() && ended.isEmpty())) {
      over.addAll(done);
      over.addAll(ended);
      Events.tell(new LocalEvent.PartlyOver(mail, recipient, over.size()));
    }
    return new RecipientResult(
        recipient.having(over), attempt, RELAY, 0, Optional.ofNullable(success));
  }

  /// The results of the acts that have failed, if the recipient as a whole has not.
  List<RecipientResult> others(Attempt attempt) {
    return attempt instanceof Attempt.Failed
        ? List.of()
        : failures.stream()
            .map(
                failure ->
                    new RecipientResult(
                        recipient.having(done), failure, RELAY, 0, Optional.empty()))
            .toList();
  }
}
