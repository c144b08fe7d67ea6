package org.caravanmta.delivery.local;

import java.util.List;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.table.TableName;

/// Whom a user's mail goes to besides: keys of the section `local`.
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
