package org.caravanmta.check;

import java.util.List;
import java.util.Set;
import org.caravanmta.config.Size;
import org.caravanmta.table.TableName;

/// The section `checks`: rules for the text of mail that comes in.
public record CheckSettings(
    List<TableName> header,
    List<TableName> mimeHeader,
    List<TableName> nestedHeader,
    List<TableName> body,
    Size bodySizeLimit,
    Size fieldSizeLimit,
    boolean mime,
    int nestingLimit,
    int boundaryLimit,
    String rejectCharacters,
    String stripCharacters,
    List<String> dropHeaders,
    List<String> strict,
    List<TableName> attachments,
    String unreadableAttachments) {
  private static final Set<String> UNREADABLE = Set.of("hold", "reject", "defer", "pass");

  private static final Set<String> STRICT = Set.of("headers", "body", "encoding-domain", "nesting");

  public CheckSettings {
    if (!STRICT.containsAll(strict)) {
      throw new IllegalArgumentException(
          "strict may contain only headers, body, encoding-domain, nesting");
    }
    if (fieldSizeLimit.bytes() < 1 || nestingLimit < 1 || boundaryLimit < 1) {
      throw new IllegalArgumentException(
          "field-size-limit, nesting-limit and boundary-limit must be at least 1");
    }
    characters("reject-characters", rejectCharacters);
    characters("strip-characters", stripCharacters);
    if (!UNREADABLE.contains(unreadableAttachments)) {
      throw new IllegalArgumentException(
          "unreadable-attachments must be hold, reject, defer or pass");
    }
  }

  /// Refuses what is not characters and escapes, or would match line ends.
  private static void characters(String key, String text) {
    if (!text.matches("([ -~&&[^\\\\]]|\\\\([abftv\\\\]|(?!0?1[25](?![0-7]))[0-7]{1,3}))*")) {
      throw new IllegalArgumentException(
          key
              + " must be characters and escapes such as \\0 or \\200, without those that end"
              + " lines");
    }
  }
}
