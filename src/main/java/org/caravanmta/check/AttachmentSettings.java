package org.caravanmta.check;

import java.util.List;
import java.util.Set;
import org.caravanmta.table.TableName;

/// The settings of {@link Attachments}: keys of the section `checks`.
///
/// @param attachments the tables of rules for attachments; none: attachments are not looked at
/// @param unreadableAttachments what becomes of a message whose attachments cannot be read: `hold`,
///   `reject`, `defer` or `pass`
public record AttachmentSettings(List<TableName> attachments, String unreadableAttachments) {
  private static final Set<String> UNREADABLE = Set.of("hold", "reject", "defer", "pass");

  public AttachmentSettings {
    if (!UNREADABLE.contains(unreadableAttachments)) {
      throw new IllegalArgumentException(
          "unreadable-attachments must be hold, reject, defer or pass");
    }
  }
}
