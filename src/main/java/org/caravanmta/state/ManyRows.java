package org.caravanmta.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Iterator;
import java.util.TreeSet;

/// Changes many rows of a table, some at a time: no statement takes long, and nobody waits long for
/// it. Always in the order of their keys, so that servers that change the same rows never wait for
/// each other in a circle.
final class ManyRows {
  private static final int TOGETHER = 500;

  private final String sql;
  private final String[] first;

  /// @param sql whose last parameter is the key
  /// @param first its other parameters
  ManyRows(String sql, String... first) {
    this.sql = sql;
    this.first = first;
  }

  /// Changes them; what was changed stays changed if the database goes away in the middle.
  ///
  /// @return how many there were
  long change(StateOnDemand state, Collection<String> keys) throws StateUnavailable {
    Iterator<String> rest = new TreeSet<>(keys).iterator();
    long changed = 0;
    while (rest.hasNext()) {
      try (Connection connection = state.connection()) {
        changed += some(connection, rest);
      } catch (SQLException e) {
        throw StateStore.unavailable(e);
      }
    }
    return changed;
  }

  /// Changes those whose keys are next, as part of what goes on at the connection.
  long some(Connection connection, Iterator<String> keys) throws SQLException {
    try (PreparedStatement change = StateStore.prepare(connection, sql)) {
      for (int i = 0; i < TOGETHER && keys.hasNext(); i++) {
        int at = 0;
        for (String value : first) {
          change.setString(++at, value);
        }
        change.setString(++at, keys.next());
        change.addBatch();
      }
      long changed = 0;
      for (int count : change.executeBatch()) {
        changed += count;
      }
      return changed;
    }
  }
}
