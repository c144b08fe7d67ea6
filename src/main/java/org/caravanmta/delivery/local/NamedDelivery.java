package org.caravanmta.delivery.local;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.account.SystemUser;
import org.caravanmta.address.Address;
import org.caravanmta.alias.AliasTargets;
import org.caravanmta.delivery.mailbox.MailboxCopy;
import org.caravanmta.delivery.mailbox.MailboxPath;
import org.caravanmta.delivery.program.CommandEnvironment;
import org.caravanmta.delivery.program.Programs;
import org.caravanmta.event.Events;
import org.caravanmta.event.LocalEvent;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.table.Extensions;

/// The delivery into files and to commands that aliases, users or the settings name (RFC 5321 §3.9;
/// postfix `local(8)`, "external file delivery" and "external command delivery"), with the rights
/// of {@link DeliveryIdentity}.
///
/// @param deliveredTo which of `command` and `file` get `Delivered-To`
record NamedDelivery(
    MailboxPath mailboxes,
    MailboxWriter filing,
    DeliveryIdentity identity,
    Programs programs,
    Extensions extensions,
    Set<String> deliveredTo) {
  /// Delivers into a file.
  ///
  /// @param maildir whether the path is that of a Maildir
  Attempt file(Path path, boolean maildir, AliasTargets.Behalf behalf, LocalRecipient one) {
    try {
      var as = identity.of(behalf, mailboxes.user(one.recipient().address()));
      return filing.named(one.copy().deliveredTo(deliveredTo.contains("file")), path, maildir, as);
    } catch (DeliveryIdentity.Unavailable e) {
      return unavailable(one, e, "file " + path);
    }
  }

  /// Delivers to a command.
  ///
  /// @param line the command line, without the `|`
  /// @param user the user whom the mail is for, and with whose rights the user's own command runs
  Attempt command(String line, AliasTargets.Behalf behalf, Address user, LocalRecipient one) {
    MailboxCopy copy = one.copy();
    Optional<Attempt> unfit = copy.unfit("command");
    if (unfit.isPresent()) {
      return unfit.get();
    }
    var given = copy.deliveredTo(deliveredTo.contains("command"));
    try {
      Optional<SystemUser> as = identity.of(behalf, mailboxes.user(user));
      return programs.run(
          line,
          as,
          CommandEnvironment.of(
              one.mail(),
              one.recipient().to(user),
              behalf instanceof AliasTargets.Operators ? Optional.empty() : as,
              extensions),
          out -> {
            out.write(filing.from(given).getBytes(StandardCharsets.UTF_8));
            given.write(out);
          });
    } catch (DeliveryIdentity.Unavailable e) {
      return unavailable(one, e, "command");
    }
  }

  private static Attempt unavailable(
      LocalRecipient one, DeliveryIdentity.Unavailable why, String what) {
    Events.tell(new LocalEvent.NoRights(one.mail(), what, String.valueOf(why.getMessage())));
    return new Attempt.Deferred(Reason.of(why.status(), what + ": " + why.getMessage()));
  }
}
