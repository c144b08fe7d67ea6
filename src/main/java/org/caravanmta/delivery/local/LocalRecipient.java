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

/// One recipient of a message in one attempt, and what has come of each act that the recipient
/// stands for (RFC 5321 §3.9): done, ended by a failure, or waiting. Not for several threads.
final class LocalRecipient {
  /// The server that the log names.
  static final String RELAY = "local";

  private final Mail mail;
  private final Recipient recipient;
  private final MailboxCopy copy;
  private final List<Mail> made = new ArrayList<>();
  private final List<Attempt.Failed> failures = new ArrayList<>();
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

  /// What a mailbox, a file or a command gets.
  MailboxCopy copy() {
    return copy;
  }

  /// Whether an earlier attempt has done it.
  boolean isDone(AliasTargets.Act act) {
    return done.contains(act.key());
  }

  /// What an attempt at these acts has come to.
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

  /// Its mail has become this, too.
  void makes(List<Mail> parts) {
    made.addAll(parts);
  }

  /// What a report of success would call it.
  void succeedsBy(Notice.Action action) {
    success = action;
  }

  /// Another transport says what becomes of it.
  void isPassedOn() {
    success = null;
  }

  /// The messages that its mail has become.
  List<Mail> made() {
    return made;
  }

  /// When it waits, only what is neither done nor ended is tried again.
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

  /// What has failed while the whole has not.
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
