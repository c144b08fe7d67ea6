package org.caravanmta.check;

import java.util.List;
import org.caravanmta.table.TableNames;

/// Tables of rules, of the texts that tests have.
final class RulesOf {
  private RulesOf() {}

  static RuleTables tables(
      List<String> header, List<String> mime, List<String> nested, List<String> body) {
    return new RuleTables(
        TableNames.of(header), TableNames.of(mime), TableNames.of(nested), TableNames.of(body));
  }
}
