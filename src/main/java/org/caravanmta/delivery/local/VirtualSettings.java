package org.caravanmta.delivery.local;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.config.Size;
import org.caravanmta.table.TableName;

/// The section `virtual`: where the mailboxes are of domains whose addresses are not users of this
/// machine.
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
