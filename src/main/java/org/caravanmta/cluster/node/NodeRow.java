package org.caravanmta.cluster.node;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.caravanmta.control.RowFields;

/// A node of the cluster, as it is shown to the operator.
///
/// @param state a word: `serving`; `no-keeper` where nobody keeps copies of its mail, so that it
///   takes and begins none; `returning` while it does not know what others have taken over;
///   `draining`, `drained`; `gone`; where the node that is asked has lost its lock, `no-lock` for
///   itself and `unknown` for the others
/// @param address where the others reach it; absent for one that does not live
/// @param keeper which node has the copies of its mail
/// @param complete whether that one has copies of all of it
/// @param takenBy which node has taken over its mail since it was there
/// @param settings a digest of what all nodes should have in common
public record NodeRow(
    String name,
    String state,
    Optional<String> address,
    Optional<String> keeper,
    boolean complete,
    Optional<String> takenBy,
    Optional<Instant> started,
    String settings,
    String version) {
  public List<String> fields() {
    return List.of(
        name,
        state,
        address.orElse(""),
        keeper.orElse(""),
        String.valueOf(complete),
        takenBy.orElse(""),
        RowFields.of(started),
        settings,
        version);
  }

  /// @throws IOException if it is not such a row
  public static NodeRow of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    var read =
        new NodeRow(
            fields.text(),
            fields.text(),
            fields.optional(),
            fields.optional(),
            fields.flag(),
            fields.optional(),
            fields.time(),
            fields.text(),
            fields.text());
    fields.end();
    return read;
  }
}
