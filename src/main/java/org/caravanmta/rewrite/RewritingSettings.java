package org.caravanmta.rewrite;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.Domain;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.table.TableName;

/// The section `rewriting`: which addresses become which.
///
/// @param form how addresses are brought into standard form
/// @param completed whose header sections are completed
/// @param propagate where the extension of an address goes with it
public record RewritingSettings(
    @Flat Form form,
    ResolveSettings resolve,
    String recipientDelimiter,
    @Flat CompletionSettings completed,
    List<String> propagate,
    @Flat CanonicalSettings canonical,
    @Flat MasqueradeSettings masquerade,
    @Flat CopySettings copies,
    @Flat VirtualAliasSettings aliases,
    List<TableName> generic,
    HeaderSettings headers,
    LmtpSettings lmtp) {
  private static final Set<String> PROPAGATORS =
      Set.of("canonical", "virtual", "alias", "forward", "include", "generic");

  public RewritingSettings {
    Require.known("propagate", propagate, PROPAGATORS);
  }

  /// How addresses are brought into standard form.
  public record Form(
      Optional<Domain> origin, boolean appendOrigin, boolean bangPaths, boolean percentRoutes) {}
}
