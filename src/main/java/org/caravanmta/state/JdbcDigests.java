package org.caravanmta.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/// The memory of digests in the table `quarantine_digest`, and in `quarantined`.
public final class JdbcDigests implements DigestMemory {
  /// After this, a server that has claimed the digests and not sent them is taken for ended.
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /// There is one row.
  private static final int ONLY = 1;

  private final StateOnDemand state;

  public JdbcDigests(StateOnDemand state) {
    this.state = state;
  }

  @Override
  public Instant last(Instant now) throws StateUnavailable {
    try (Connection connection = state.connection()) {
      try (PreparedStatement select =
              StateStore.prepare(
                  connection, "select last_sent from quarantine_digest where id = " + ONLY);
          ResultSet row = select.executeQuery()) {
        if (row.next()) {
          return Instant.ofEpochMilli(row.getLong(1));
        }
      }
      try (PreparedStatement insert =
          StateStore.prepare(
              connection,
              "insert into quarantine_digest (id, last_sent, claimed) values (" + ONLY + ", ?, 0)")) {
        insert.setLong(1, now.toEpochMilli());
        insert.executeUpdate();
      }
      return now;
    } catch (SQLException e) {
      if (StateStore.isDuplicate(e)) {
        return now;
      }
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public boolean claim(Instant last, Instant now) throws StateUnavailable {
    return update(
        "update quarantine_digest set claimed = ? where last_sent = ? and claimed <= ?",
        now.toEpochMilli(),
        last.toEpochMilli(),
        now.minus(LONGEST).toEpochMilli());
  }

  @Override
  public void sent(Instant last, Instant now) throws StateUnavailable {
    update(
        "update quarantine_digest set claimed = 0, last_sent = ? where last_sent = ?",
        now.toEpochMilli(),
        last.toEpochMilli());
  }

  private boolean update(String sql, long... values) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement update = StateStore.prepare(connection, sql)) {
      for (int i = 0; i < values.length; i++) {
        update.setLong(i + 1, values[i]);
      }
      return update.executeUpdate() > 0;
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public Map<String, Quarantined> untold(int most) throws StateUnavailable {
    return new JdbcQuarantine(state).untold(most);
  }

  @Override
  public void told(Set<String> parts) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement update =
            StateStore.prepare(connection, "update quarantined set told = true where part = ?")) {
      for (String part : parts) {
        update.setString(1, part);
        update.addBatch();
      }
      update.executeBatch();
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }
}
