package org.caravanmta.delivery.local;

import java.util.List;
import java.util.Set;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;

/// The section `local`: what becomes of mail for our own users before it is in a mailbox.
///
/// @param expansion whom a user's mail goes to besides
/// @param commands which commands are run, and files written
/// @param deliveredTo what gets a `Delivered-To` field besides mailboxes
/// @param own where a user's own mail goes
/// @param nobody where mail goes for whom there is no user
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
