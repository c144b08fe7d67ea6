package org.caravanmta.delivery.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.account.Rights;
import org.caravanmta.address.Address;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.mailbox.MailboxCopy;
import org.caravanmta.delivery.mailbox.MailboxOwner;
import org.caravanmta.delivery.mailbox.MailboxRules;
import org.caravanmta.delivery.mailbox.Maildir;
import org.caravanmta.delivery.mailbox.Mbox;
import org.caravanmta.event.Delays;
import org.caravanmta.event.Events;
import org.caravanmta.event.LocalEvent;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Notice;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.Recipient;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Search;

/// The delivery to mailboxes that tables name, for addresses that are not users of this machine:
/// final delivery (RFC 5321 §4.4; postfix `virtual(8)`), without aliases, `.forward` files and
/// commands. Tables also say who owns a mailbox; if such a table has no owner for an address, or
/// one with too low a number, mail waits.
public final class VirtualDelivery {
  /// The relay that the log names.
  private static final String RELAY = "virtual";

  /// The status when a table has a wrong entry: the system is misconfigured (RFC 3463 §3.4).
  private static final String WRONG = "4.3.5";

  private final Path directory;
  private final AddressSearch mailboxes;
  private final AddressSearch users;
  private final AddressSearch groups;
  private final VirtualSettings own;
  private final boolean root;
  private final MailboxRules rules;
  private final String hostname;
  private final Bodies bodies;
  private final InstantSource clock;

  /// @param home `data.directory`, which the directory of mailboxes is relative to
  /// @param mailboxes tables of paths by address: files, or Maildirs if they end with `/` (postfix
  ///   `virtual_mailbox_maps`)
  /// @param users tables of the owners' numbers; without tables the server owns the mailboxes
  ///   (postfix `virtual_uid_maps`)
  /// @param groups tables of the groups' numbers (postfix `virtual_gid_maps`)
  /// @param root whether the server runs as root, and so can give files to others
  public VirtualDelivery(
      Path home,
      VirtualSettings own,
      AddressSearch mailboxes,
      AddressSearch users,
      AddressSearch groups,
      boolean root,
      MailboxRules rules,
      String hostname,
      Bodies bodies,
      InstantSource clock) {
    this.directory = home.resolve(own.directory());
    this.mailboxes = mailboxes;
    this.users = users;
    this.groups = groups;
    this.own = own;
    this.root = root;
    this.rules = rules;
    this.hostname = hostname;
    this.bodies = bodies;
    this.clock = clock;
  }

  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    Instant begun = clock.instant();
    var results = new ArrayList<RecipientResult>();
    for (Recipient recipient : mail.recipients()) {
      Attempt attempt = attempt(mail, recipient);
      if (attempt instanceof Attempt.Deferred(Reason reason)) {
        Events.tell(new LocalEvent.NotVirtual(mail, reason));
      }
      results.add(
          new RecipientResult(recipient, attempt, RELAY, 0, Optional.of(Notice.Action.DELIVERED)));
    }
    return new TaskOutcome(
        mail, results, Delays.of(mail.envelope(), begun, begun, clock.instant()), true, List.of());
  }

  private Attempt attempt(Mail mail, Recipient recipient) {
    Address address = recipient.address();
    return switch (mailboxes.find(address)) {
      case Search.Absent() ->
          new Attempt.Failed(Reason.of("5.1.1", "unknown user: \"" + address + "\""));
      case Search.Unavailable(String why) ->
          new Attempt.Deferred(Reason.of("4.3.0", "virtual mailbox table: " + why));
      case Search.Found(String mailbox, _, _) -> {
        try {
          Optional<Integer> user = number(users, address, "user", own.minimumUser());
          Optional<Integer> group = number(groups, address, "group", 1);
          yield written(
              mail,
              recipient,
              mailbox.strip(),
              root ? new MailboxOwner(user, group) : MailboxOwner.OURS);
        } catch (Unavailable e) {
          yield new Attempt.Deferred(Reason.of(e.status, String.valueOf(e.getMessage())));
        }
      }
    };
  }

  private Attempt written(Mail mail, Recipient recipient, String mailbox, MailboxOwner owner)
      throws Unavailable {
    Path path = directory.resolve(mailbox.replaceFirst("^/+", ""));
    Path folder = path.getParent();
    if (Stream.of(mailbox.split("/")).anyMatch(".."::equals)
        || path.equals(directory)
        || folder == null) {
      throw new Unavailable(
          WRONG, "mailbox of " + recipient.address() + " is not a path: " + mailbox);
    }
    boolean maildir = mailbox.endsWith("/");
    return new MailboxCopy(mail, recipient, bodies, rules.originals())
        .to(
            maildir ? "maildir" : "mailbox",
            RELAY,
            copy -> {
              if (maildir) {
                new Maildir(path, hostname, clock, owner).add(copy);
              } else {
                if (!Files.isDirectory(folder)) {
                  Maildir.create(folder, owner);
                }
                new Mbox(path, true, owner, Rights.OURS, rules, clock)
                    .add(Mbox.from(mail.reversePath().toString(), clock.instant()), copy);
              }
            });
  }

  /// The number that a table has for an address; absent when there are no tables.
  ///
  /// @throws Unavailable when the table cannot be read, or has no number of at least `least`
  private static Optional<Integer> number(
      AddressSearch table, Address address, String what, int least) throws Unavailable {
    if (table.path().isEmpty()) {
      return Optional.empty();
    }
    return switch (table.find(address)) {
      case Search.Absent() -> throw new Unavailable(WRONG, "no " + what + " for " + address);
      case Search.Unavailable(String why) ->
          throw new Unavailable("4.3.0", what + " table: " + why);
      case Search.Found(String text, _, _) -> {
        String number = text.strip();
        if (!number.matches("[0-9]{1,9}") || Integer.parseInt(number) < least) {
          throw new Unavailable(WRONG, "bad " + what + " " + number + " for " + address);
        }
        yield Optional.of(Integer.valueOf(number));
      }
    };
  }

  /// The path or the owner of a mailbox cannot be determined.
  private static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1L;
    private final String status;

    Unavailable(String status, String why) {
      super(why);
      this.status = status;
    }
  }
}
