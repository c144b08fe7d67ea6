package org.caravanmta.check;

import java.util.List;
import java.util.Set;
import org.caravanmta.table.TableName;

/// What {@link Attachments} go by: keys of the section `checks`.
public record AttachmentSettings(List<TableName> attachments, String unreadableAttachments) {
  private static final Set<String> UNREADABLE = Set.of("hold", "reject", "defer", "pass");

  public AttachmentSettings {
    if (!UNREADABLE.contains(unreadableAttachments)) {
      throw new IllegalArgumentException(
          "unreadable-attachments must be hold, reject, defer or pass");
    }
  }
}
