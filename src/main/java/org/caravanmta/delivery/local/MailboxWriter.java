package org.caravanmta.delivery.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.Optional;
import org.caravanmta.account.Rights;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Address;
import org.caravanmta.delivery.mailbox.MailboxCopy;
import org.caravanmta.delivery.mailbox.MailboxOwner;
import org.caravanmta.delivery.mailbox.MailboxPath;
import org.caravanmta.delivery.mailbox.MailboxRules;
import org.caravanmta.delivery.mailbox.Maildir;
import org.caravanmta.delivery.mailbox.Mbox;
import org.caravanmta.event.Events;
import org.caravanmta.event.LocalEvent;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;

/// The writer of messages into files and Maildirs: the last step of final delivery to our own users
/// (RFC 5321 §4.4). A server that runs as root uses the same rights as postfix `local(8)`: those of
/// the user for the user's own mailbox, those of {@link DeliveryIdentity} for what aliases name.
record MailboxWriter(
    MailboxPath mailboxes,
    MailboxRules rules,
    DeliveryIdentity identity,
    String hostname,
    InstantSource clock) {
  private static final String RELAY = "local";

  /// Who gets a new mailbox, and with whose rights it is written.
  private record Hold(MailboxOwner owner, Rights rights) {
    static final Hold OURS = new Hold(MailboxOwner.OURS, Rights.OURS);

    static Hold of(SystemUser user) {
      return new Hold(MailboxOwner.OURS, Rights.of(user));
    }
  }

  /// Writes a message into the mailbox of a user.
  Attempt own(MailboxCopy copy, Address address, Path path) {
    return mailboxes.maildir()
        ? written(copy, path, "maildir", source -> maildir(path, hold(address).rights(), source))
        : written(copy, path, "mailbox", source -> mbox(path, hold(address), copy, source));
  }

  /// Writes a message into a file that an alias or a user names.
  ///
  /// @param maildir whether the path is that of a Maildir
  /// @param as the user with whose rights it is written; absent for our own
  Attempt named(MailboxCopy copy, Path path, boolean maildir, Optional<SystemUser> as) {
    Rights rights = DeliveryIdentity.rights(as);
    return maildir
        ? written(copy, path, "maildir", source -> maildir(path, rights, source))
        : written(
            copy,
            path,
            "file",
            source ->
                new Mbox(path, false, MailboxOwner.OURS, rights, rules, clock)
                    .add(from(copy), source));
  }

  /// The `From ` line of a message (RFC 4155).
  String from(MailboxCopy copy) {
    return Mbox.from(copy.mail().reversePath().toString(), clock.instant());
  }

  private void maildir(Path path, Rights rights, Maildir.Source source) throws IOException {
    new Maildir(path, hostname, clock, rights).add(source);
  }

  private void mbox(Path path, Hold hold, MailboxCopy copy, Maildir.Source source)
      throws IOException {
    Path folder = path.getParent();
    if (folder == null) {
      throw new IOException("the root directory is not a mailbox");
    }
    hold.rights()
        .with(
            () -> {
              if (!Files.isDirectory(folder)) {
                Maildir.create(folder, MailboxOwner.OURS);
              }
              return folder;
            });
    if (identity.root() && !hold.rights().another() && !MailboxOwner.isOurs(folder)) {
      throw new IOException("not written as root into the directory of a user");
    }
    new Mbox(path, true, hold.owner(), hold.rights(), rules, clock).add(from(copy), source);
  }

  /// How the mailbox of a user is held. A Maildir below the data directory, and the mailbox of a
  /// user whom the machine does not know, is the server's. A mailbox in a directory of the user's
  /// own is written with the user's rights; for one in a spool directory see {@link #inSpool}.
  private Hold hold(Address address) throws IOException {
    Optional<SystemUser> user = identity.named(mailboxes.user(address));
    if (user.isEmpty() || mailboxes.maildir() && mailboxes.within()) {
      return Hold.OURS;
    }
    if (mailboxes.personal()) {
      return Hold.of(user.get());
    }
    return inSpool(user.get(), mailboxes.of(address).map(Path::getParent).orElseThrow());
  }

  /// How a mailbox in a spool directory is held. If everybody may write to the directory, it is
  /// written with the user's rights; if a group may, with the user's and that group; if only root
  /// may, root makes the mailbox and gives it to the user.
  private static Hold inSpool(SystemUser user, Path spool) throws IOException {
    var given =
        new Hold(
            new MailboxOwner(Optional.of(user.user()), Optional.of(user.group())), Rights.OURS);
    if (!Files.isDirectory(spool)) {
      return given;
    }
    var attributes = Files.readAttributes(spool, PosixFileAttributes.class);
    if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
      return Hold.of(user);
    }
    int group = (int) Files.getAttribute(spool, "unix:gid");
    if (attributes.permissions().contains(PosixFilePermission.GROUP_WRITE) && group != 0) {
      return Hold.of(new SystemUser(user.name(), user.user(), group, user.home(), user.shell()));
    }
    return given;
  }

  private Attempt written(MailboxCopy copy, Path path, String kind, MailboxCopy.Writing writing) {
    Attempt attempt = copy.to(kind, RELAY, writing);
    if (attempt instanceof Attempt.Deferred(Reason reason)) {
      Events.tell(new LocalEvent.NotWritten(copy.mail(), kind, path, reason));
    }
    return attempt;
  }
}
