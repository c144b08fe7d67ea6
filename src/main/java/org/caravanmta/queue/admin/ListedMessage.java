package org.caravanmta.queue.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.control.RowFields;

/// A row of what `queue.list` and `queue.find` answer.
///
/// @param node which node of the cluster has it; absent where there is no cluster, and where only
///   one node was asked
public record ListedMessage(QueuedMessage message, Optional<String> node) {
  /// The row of a cluster, from that of one of its nodes.
  ///
  /// @param row of a {@link QueuedMessage}
  public static List<String> fields(List<String> row, String node) {
    var fields = new ArrayList<>(row);
    fields.add(node);
    return fields;
  }

  /// @throws IOException if this is not such a row
  public static ListedMessage of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    QueuedMessage message = QueuedMessage.of(fields);
    Optional<String> node = fields.more() ? fields.optional() : Optional.empty();
    fields.end();
    return new ListedMessage(message, node);
  }
}
