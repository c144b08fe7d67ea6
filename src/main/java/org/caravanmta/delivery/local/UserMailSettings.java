package org.caravanmta.delivery.local;

import java.util.List;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.table.TableName;

/// Where a user's own mail goes: keys of the section `local`.
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
