package org.caravanmta.check;

import java.util.List;
import java.util.Set;
import org.caravanmta.config.Flat;

/// The section `checks`: rules for the text of mail that comes in.
///
/// @param dropHeaders fields that are taken out
/// @param strict what of MIME a message has to keep to, see {@link Strictness}
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
