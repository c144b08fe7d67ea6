package org.caravanmta.delivery.local;

import java.util.List;
import java.util.Set;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;

/// The section `local`: what becomes of mail for our own users on its way to a mailbox (postfix
/// `local(8)`).
///
/// @param expansion to which other addresses a user's mail goes
/// @param commands which commands are run, and which files are written
/// @param deliveredTo what gets a `Delivered-To` field besides mailboxes: `command`, `file`,
///   `forward` (postfix `prepend_delivered_header`)
/// @param frozenDeliveredTo whether `Delivered-To` of forwarded mail has the recipient that came
///   first, and not the last alias (postfix `frozen_delivered_to`)
/// @param own where a user's own mail goes
/// @param nobody where mail for users who do not exist goes
public record LocalSettings(
    @Flat ExpansionSettings expansion,
    @Flat CommandSettings commands,
    List<String> deliveredTo,
    boolean frozenDeliveredTo,
    @Flat UserMailSettings own,
    @Flat NobodySettings nobody) {
  public LocalSettings {
    Require.known("delivered-to", deliveredTo, Set.of("command", "file", "forward"));
  }
}
