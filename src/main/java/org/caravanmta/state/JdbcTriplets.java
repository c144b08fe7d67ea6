package org.caravanmta.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/// The greylist's memory, the table `triplet`.
public final class JdbcTriplets implements Triplets {
  private static final String REPLACE =
      "update triplet set first_seen = ?, returned = ?, expires = ? where id = ?";

  private final StateStore store;

  public JdbcTriplets(StateStore store) {
    this.store = store;
  }

  @Override
  public Optional<Sighting> find(Triplet triplet, Instant now) throws StateUnavailable {
    try (Connection connection = store.connection();
        PreparedStatement select =
            StateStore.prepare(
                connection,
                "select first_seen, returned, expires from triplet where id = ? and expires > ?")) {
      select.setString(1, id(triplet));
      select.setLong(2, now.getEpochSecond());
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Sighting(
                    Instant.ofEpochSecond(row.getLong(1)),
                    row.getBoolean(2),
                    Instant.ofEpochSecond(row.getLong(3))))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public boolean remember(Triplet triplet, Sighting sighting) throws StateUnavailable {
    try (Connection connection = store.connection()) {
      if (!sighting.returned()) {
        return begin(connection, triplet, sighting) || insert(connection, triplet, sighting);
      }
      return comeBack(connection, triplet, sighting)
          || !keep(connection, triplet, sighting) && insert(connection, triplet, sighting);
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public int forgetExpired(Instant now, int most) throws StateUnavailable {
    return store.forgetExpired("triplet", "id", now, most);
  }

  @Override
  public ReturningClients returns() {
    return new JdbcReturns(store);
  }

  /// In place of one that has expired.
  private static boolean begin(Connection connection, Triplet triplet, Sighting sighting)
      throws SQLException {
    try (PreparedStatement update = StateStore.prepare(connection, REPLACE + " and expires <= ?")) {
      write(update, triplet, sighting);
      update.setLong(5, sighting.first().getEpochSecond());
      return update.executeUpdate() > 0;
    }
  }

  private static boolean comeBack(Connection connection, Triplet triplet, Sighting sighting)
      throws SQLException {
    try (PreparedStatement update = StateStore.prepare(connection, REPLACE + " and not returned")) {
      write(update, triplet, sighting);
      return update.executeUpdate() > 0;
    }
  }

  private static boolean keep(Connection connection, Triplet triplet, Sighting sighting)
      throws SQLException {
    try (PreparedStatement update = StateStore.prepare(connection, REPLACE)) {
      write(update, triplet, sighting);
      return update.executeUpdate() > 0;
    }
  }

  /// @return false when another server was first
  private static boolean insert(Connection connection, Triplet triplet, Sighting sighting)
      throws SQLException {
    try (PreparedStatement insert =
        StateStore.prepare(
            connection,
            "insert into triplet (first_seen, returned, expires, id) values (?, ?, ?, ?)")) {
      write(insert, triplet, sighting);
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (StateStore.isDuplicate(e)) {
        return false;
      }
      throw e;
    }
  }

  private static void write(PreparedStatement statement, Triplet triplet, Sighting sighting)
      throws SQLException {
    statement.setLong(1, sighting.first().getEpochSecond());
    statement.setBoolean(2, sighting.returned());
    statement.setLong(3, sighting.expires().getEpochSecond());
    statement.setString(4, id(triplet));
  }

  /// SHA-256 of the three parts, separated by a character that none of them can contain.
  private static String id(Triplet triplet) {
    try {
      byte[] text =
          String.join("\0", triplet.network(), triplet.sender(), triplet.recipient())
              .getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
