package org.caravanmta.delivery.local;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.config.Size;
import org.caravanmta.table.TableName;

/// The section `virtual`: the mailboxes of addresses that are not users of this machine (postfix
/// `virtual(8)`).
///
/// @param directory the directory that all mailboxes are below, relative to `data.directory`
///   (postfix `virtual_mailbox_base`)
/// @param users tables of owners by number (postfix `virtual_uid_maps`)
/// @param groups tables of groups by number (postfix `virtual_gid_maps`)
/// @param minimumUser the lowest number of an owner, at least 1 (postfix `virtual_minimum_uid`)
/// @param sizeLimit the most bytes of a mailbox that is a file; 0 for any number (postfix
///   `virtual_mailbox_limit`)
public record VirtualSettings(
    Path directory,
    List<TableName> users,
    List<TableName> groups,
    int minimumUser,
    Size sizeLimit) {
  public VirtualSettings {
    if (minimumUser < 1) {
      throw new IllegalArgumentException("minimum-user must be at least 1, was " + minimumUser);
    }
  }
}
