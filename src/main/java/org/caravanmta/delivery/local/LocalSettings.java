package org.caravanmta.delivery.local;

import java.util.List;
import java.util.Set;
import org.caravanmta.alias.ExpansionSettings;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.delivery.program.CommandSettings;

/// The section `local`: what becomes of mail for our own users on its way to a mailbox (postfix
/// `local(8)`).
///
/// @param expansion to which other addresses a user's mail goes
/// @param commandUser the user with whose rights the operator's commands are run and files written,
///   never root; empty for none, and then their mail waits (postfix `default_privs`)
/// @param commands how commands are run
/// @param deliveredTo what gets a `Delivered-To` field besides mailboxes: `command`, `file`,
///   `forward` (postfix `prepend_delivered_header`)
/// @param own where a user's own mail goes
/// @param nobody where mail for users who do not exist goes
public record LocalSettings(
    @Flat ExpansionSettings expansion,
    String commandUser,
    @Flat CommandSettings commands,
    List<String> deliveredTo,
    @Flat UserMailSettings own,
    @Flat NobodySettings nobody) {
  public LocalSettings {
    if (!commandUser.matches("[A-Za-z0-9_.-]*") || commandUser.equals("root")) {
      throw new IllegalArgumentException("command-user must be a user who is not root");
    }
    Require.known("delivered-to", deliveredTo, Set.of("command", "file", "forward"));
  }
}
