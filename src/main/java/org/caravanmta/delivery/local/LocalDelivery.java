package org.caravanmta.delivery.local;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Set;
import org.caravanmta.alias.Aliases;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.mailbox.MailboxPath;
import org.caravanmta.delivery.mailbox.MailboxRules;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.event.Delays;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;

/// The delivery to our own users (postfix `local(8)`): final delivery (RFC 5321 §4.4), which puts
/// `Return-Path`, `X-Original-To` and `Delivered-To` before the message and ends lines with LF. The
/// message goes into the recipient's {@link org.caravanmta.delivery.mailbox.Maildir} or {@link
/// org.caravanmta.delivery.mailbox.Mbox}, unless aliases or the user say otherwise, see {@link
/// Aliases}. A recipient may stand for several destinations; each has a result of its own, and only
/// those that have to wait are tried again.
///
/// Each step has a class of its own, in the order of reading: {@link RecipientDelivery} follows
/// aliases, {@link UserDelivery} delivers to a user, {@link NamedDelivery} to files and commands,
/// {@link OnwardDelivery} forwards; {@link LocalRecipient} keeps the results.
public final class LocalDelivery {
  private final RecipientDelivery recipients;
  private final boolean originals;
  private final Bodies bodies;
  private final InstantSource clock;

  /// @param directory the directory to which the template is relative
  /// @param template the path of a recipient's mailbox, such as `mail/%d/%u/Maildir/`, see {@link
  ///   MailboxPath}
  /// @param deliveredTo which of `command` and `file` get `Delivered-To` (postfix
  ///   `prepend_delivered_header`)
  public LocalDelivery(
      Path directory,
      String template,
      MailboxRules rules,
      LocalUsers users,
      Aliases aliases,
      DeliveryIdentity identity,
      Programs programs,
      Forwarding forwarding,
      Set<String> deliveredTo,
      String hostname,
      Bodies bodies,
      InstantSource clock) {
    var mailboxes = new MailboxPath(directory, template, users.extensions().delimiters());
    var filing = new MailboxWriter(mailboxes, rules, identity, hostname, clock);
    var named =
        new NamedDelivery(
            mailboxes, filing, identity, programs, users.extensions(), Set.copyOf(deliveredTo));
    var onward = new OnwardDelivery(forwarding, users.programs());
    this.recipients =
        new RecipientDelivery(
            aliases,
            new UserDelivery(users, mailboxes, filing, aliases.origin(), named, onward),
            named,
            onward);
    this.originals = rules.originals();
    this.bodies = bodies;
    this.clock = clock;
  }

  @HandsOver({Queues.ROUTING, Queues.ANY_DELIVERY, Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    Instant begun = clock.instant();
    var results = new ArrayList<RecipientResult>();
    var failed = new ArrayList<RecipientResult>();
    var made = new ArrayList<Mail>();
    for (Recipient recipient : mail.recipients()) {
      var one = new LocalRecipient(mail, recipient, bodies, originals);
      Attempt attempt = recipients.to(one);
      made.addAll(one.made());
      results.add(one.result(attempt));
      failed.addAll(one.others(attempt));
    }
    results.addAll(failed);
    return new TaskOutcome(
        mail, results, Delays.of(mail.envelope(), begun, begun, clock.instant()), true, made);
  }
}
