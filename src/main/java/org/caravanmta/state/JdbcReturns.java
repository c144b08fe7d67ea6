package org.caravanmta.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// The table `returning_client`.
final class JdbcReturns implements ReturningClients {
  /// One that has expired begins anew.
  private static final String COUNT =
      "update returning_client"
          + " set returned = case when expires > ? then returned + 1 else 1 end, expires = ?"
          + " where network = ?";

  private final StateStore store;

  JdbcReturns(StateStore store) {
    this.store = store;
  }

  @Override
  public Optional<Known> find(String network, Instant now) throws StateUnavailable {
    try (Connection connection = store.connection();
        PreparedStatement select =
            StateStore.prepare(
                connection,
                "select returned, expires from returning_client"
                    + " where network = ? and expires > ?")) {
      select.setString(1, network);
      select.setLong(2, now.getEpochSecond());
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(new Known(row.getInt(1), Instant.ofEpochSecond(row.getLong(2))))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public void count(String network, Instant now, Instant expires) throws StateUnavailable {
    try (Connection connection = store.connection()) {
      if (!update(connection, network, now, expires) && !insert(connection, network, expires)) {
        update(connection, network, now, expires);
      }
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public void keep(String network, Instant expires) throws StateUnavailable {
    try (Connection connection = store.connection();
        PreparedStatement update =
            StateStore.prepare(
                connection, "update returning_client set expires = ? where network = ?")) {
      update.setLong(1, expires.getEpochSecond());
      update.setString(2, network);
      update.executeUpdate();
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public int forgetExpired(Instant now, int most) throws StateUnavailable {
    return store.forgetExpired("returning_client", "network", now, most);
  }

  private static boolean update(Connection connection, String network, Instant now, Instant expires)
      throws SQLException {
    try (PreparedStatement update = StateStore.prepare(connection, COUNT)) {
      update.setLong(1, now.getEpochSecond());
      update.setLong(2, expires.getEpochSecond());
      update.setString(3, network);
      return update.executeUpdate() > 0;
    }
  }

  /// @return false when another server was first
  private static boolean insert(Connection connection, String network, Instant expires)
      throws SQLException {
    try (PreparedStatement insert =
        StateStore.prepare(
            connection,
            "insert into returning_client (network, returned, expires) values (?, 1, ?)")) {
      insert.setString(1, network);
      insert.setLong(2, expires.getEpochSecond());
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (StateStore.isDuplicate(e)) {
        return false;
      }
      throw e;
    }
  }
}
