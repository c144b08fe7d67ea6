package org.caravanmta.restriction.blocked;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.caravanmta.control.RowFields;
import org.caravanmta.state.BlockedSender;

/// A row of what `quarantine.block`, `quarantine.unblock` and `quarantine.blocked` answer.
///
/// @param changed whether the verb has changed it
public record BlockRow(BlockedSender blocked, boolean changed) {
  /// The row.
  List<String> fields() {
    return List.of(
        blocked.sender(),
        blocked.recipient(),
        blocked.author(),
        RowFields.of(Optional.of(blocked.since())),
        Boolean.toString(changed));
  }

  /// @throws IOException if this is not such a row
  public static BlockRow of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var read =
        new BlockRow(
            new BlockedSender(
                fields.text(),
                fields.text(),
                fields.text(),
                fields
                    .time()
                    .orElseThrow(
                        () ->
                            new IOException(
                                "a row without its time; the server is of another version"))),
            fields.flag());
    fields.end();
    return read;
  }
}
