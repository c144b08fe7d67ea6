package org.caravanmta.check;

import java.util.List;
import java.util.Set;
import org.caravanmta.config.Flat;

/// The section `checks`: the operator's rules for the text of mail that comes in.
///
/// @param tables the rules for fields and lines
/// @param bounds how much of a message they look at
/// @param characters the bytes that messages are not to have
/// @param dropHeaders names of fields that are removed (postfix `message_drop_headers`)
/// @param strict the MIME rules that a message must keep: `headers`, `body`, `encoding-domain`,
///   `nesting`, see {@link Strictness}
/// @param attached the rules for attachments
public record CheckSettings(
    @Flat RuleTables tables,
    @Flat Bounds bounds,
    @Flat CharacterSettings characters,
    List<String> dropHeaders,
    List<String> strict,
    @Flat AttachmentSettings attached) {
  private static final Set<String> STRICT = Set.of("headers", "body", "encoding-domain", "nesting");

  public CheckSettings {
    if (!STRICT.containsAll(strict)) {
      throw new IllegalArgumentException(
          "strict may contain only headers, body, encoding-domain, nesting");
    }
  }
}
