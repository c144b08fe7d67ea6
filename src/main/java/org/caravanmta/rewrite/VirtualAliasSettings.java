package org.caravanmta.rewrite;

import java.util.List;
import org.caravanmta.config.Flat;
import org.caravanmta.config.Require;
import org.caravanmta.table.TableName;

/// What {@link VirtualAliases} go by: keys of the section `rewriting`.
///
/// @param originalRecipients whether two recipients who were addressed differently, and are the
///   same one now, each get their copy (postfix `enable_original_recipient`)
public record VirtualAliasSettings(
    List<TableName> virtualAliases, @Flat Limits limits, boolean originalRecipients) {
  /// Where an alias that does not come to an end is given up.
  ///
  /// @param virtualResultLimit how many recipients one may become (postfix
  ///   `virtual_alias_expansion_limit`)
  /// @param virtualTurnLimit how often one of them may be replaced (postfix
  ///   `virtual_alias_recursion_limit`)
  /// @param virtualLengthLimit the longest address (postfix `virtual_alias_address_length_limit`):
  ///   extensions could grow with every turn
  public record Limits(int virtualResultLimit, int virtualTurnLimit, int virtualLengthLimit) {
    public Limits {
      Require.atLeast(1, "virtual-result-limit", virtualResultLimit);
      Require.atLeast(1, "virtual-turn-limit", virtualTurnLimit);
      Require.atLeast(1, "virtual-length-limit", virtualLengthLimit);
    }
  }
}
