package org.caravanmta.check;

import java.util.List;
import org.caravanmta.table.TableNames;

/// Tables of rules, of the texts that tests have.
final class RulesOf {
  private RulesOf() {}

  /// No tables, and nothing else that is to be found.
  static CheckSettings settings(String refused, String stripped) {
    return new CheckSettings(
        tables(List.of(), List.of(), List.of(), List.of()),
        Bounds.USUAL,
        new CharacterSettings(refused, stripped),
        List.of(),
        List.of(),
        new AttachmentSettings(List.of(), "pass"));
  }

  static RuleTables tables(
      List<String> header, List<String> mime, List<String> nested, List<String> body) {
    return new RuleTables(
        TableNames.of(header), TableNames.of(mime), TableNames.of(nested), TableNames.of(body));
  }
}
