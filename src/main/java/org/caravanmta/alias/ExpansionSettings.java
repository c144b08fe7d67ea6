package org.caravanmta.alias;

import java.util.List;
import java.util.Set;
import org.caravanmta.config.Require;
import org.caravanmta.table.TableName;

/// The keys of the section `local` that say to which other addresses a user's mail goes (RFC 5321
/// §3.9).
///
/// @param aliases tables of aliases (postfix `alias_maps`)
/// @param expandOwner whether the sender of mail to a list is what its `owner-` alias stands for,
///   when that is one address (postfix `expand_owner_alias`)
/// @param resetOwner whether the owner of a list is not that of lists in it which have none of
///   their own (postfix `reset_owner_alias`)
/// @param forward where users' `.forward` files are (postfix `forward_path`); empty for nowhere
/// @param allowCommands where `|command` may stand: `alias`, `forward`, `include` (postfix
///   `allow_mail_to_commands`)
/// @param allowFiles where `/file` may stand: the same words (postfix `allow_mail_to_files`)
/// @param frozenDeliveredTo whether `Delivered-To` of forwarded mail has the recipient that came
///   first, and not the last alias (postfix `frozen_delivered_to`)
public record ExpansionSettings(
    List<TableName> aliases,
    boolean expandOwner,
    boolean resetOwner,
    String forward,
    List<String> allowCommands,
    List<String> allowFiles,
    boolean frozenDeliveredTo) {
  private static final Set<String> SOURCES = Set.of("alias", "forward", "include");

  public ExpansionSettings {
    try {
      var _ = new ForwardPath(forward);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("forward " + e.getMessage(), e);
    }
    Require.known("allow-commands", allowCommands, SOURCES);
    Require.known("allow-files", allowFiles, SOURCES);
  }
}
