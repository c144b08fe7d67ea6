package org.caravanmta.suspension;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.control.RowFields;

/// What was suspended and is no more: a row of what `suspension.remove` answers.
///
/// @param messages how many had waited for it, and are tried now
public record Resumed(Suspension what, long messages) {
  /// The row.
  public List<String> fields() {
    var fields = new ArrayList<>(List.of(Long.toString(messages)));
    fields.addAll(what.fields());
    return fields;
  }

  /// @throws IOException if this is not such a row
  public static Resumed of(List<String> row) throws IOException {
    long messages = new RowFields(row).number();
    return new Resumed(Suspension.of(row.subList(1, row.size())), messages);
  }
}
