package org.caravanmta.delivery.local;

import java.util.List;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.table.TableName;

/// The keys of the section `local` that say to which other addresses a user's mail goes (RFC 5321
/// §3.9).
///
/// @param aliases tables of aliases (postfix `alias_maps`)
/// @param expandOwner whether the sender of mail to a list is what its `owner-` alias stands for
///   (postfix `expand_owner_alias`)
/// @param resetOwner whether the owner of a list is not that of lists in it (postfix
///   `reset_owner_alias`)
/// @param forward where users' `.forward` files are (postfix `forward_path`); empty for nowhere
public record ExpansionSettings(
    List<TableName> aliases, boolean expandOwner, boolean resetOwner, String forward) {
  public ExpansionSettings {
    try {
      var _ = new ForwardPath(forward);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("forward " + e.getMessage(), e);
    }
  }
}
