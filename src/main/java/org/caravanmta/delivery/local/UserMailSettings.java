package org.caravanmta.delivery.local;

import java.util.List;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.table.TableName;

/// The keys of the section `local` that say where the mail of our users goes after aliases and
/// forwarding.
///
/// @param mailbox the template of a {@link org.caravanmta.delivery.mailbox.MailboxPath}; empty for
///   `delivery.maildir` (postfix `mail_spool_directory`, `home_mailbox`)
/// @param keepPostmaster whether postmaster, mailer-daemon and double-bounce have a mailbox even
///   when no table has them
/// @param mailboxTransport the transport in place of mailboxes; empty for none (postfix
///   `mailbox_transport`)
/// @param mailboxTransports tables of transports for some users (postfix `mailbox_transport_maps`)
/// @param mailboxCommand the command in place of mailboxes; empty for none (postfix
///   `mailbox_command`)
/// @param mailboxCommands tables of commands for some users (postfix `mailbox_command_maps`)
public record UserMailSettings(
    String mailbox,
    boolean keepPostmaster,
    String mailboxTransport,
    List<TableName> mailboxTransports,
    String mailboxCommand,
    List<TableName> mailboxCommands) {
  public UserMailSettings {
    if (!mailbox.isEmpty() && !mailbox.contains("%u") && !mailbox.matches("\\$home/.+")) {
      throw new IllegalArgumentException("mailbox must contain %u, the user, or begin with $home/");
    }
    if (!mailboxTransport.isEmpty()) {
      NamedTransport.require("mailbox-transport", mailboxTransport);
    }
  }
}
