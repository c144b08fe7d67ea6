package org.caravanmta.state;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The memory of digests in the tables `quarantine_digest` and `quarantine_secret`, and in
/// `quarantined`.
public final class JdbcDigests implements DigestMemory {
  /// After this, a server that has claimed the digests and not sent them is taken for ended.
  private static final Duration LONGEST = Duration.ofMinutes(10);

  /// There is one row.
  private static final int ONLY = 1;

  /// Bytes of the secret: as many as HMAC-SHA256 has (RFC 2104 §3).
  private static final int SECRET = 32;

  private final StateOnDemand state;
  private final String node;

  /// @param node the name of this node of a cluster; empty outside a cluster
  public JdbcDigests(StateOnDemand state, String node) {
    this.state = state;
    this.node = node;
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
              "insert into quarantine_digest (id, last_sent, claimed) values ("
                  + ONLY
                  + ", ?, 0)")) {
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
  public byte[] secret() throws StateUnavailable {
    try (Connection connection = state.connection()) {
      Optional<byte[]> known = secret(connection);
      if (known.isPresent()) {
        return known.get();
      }
      byte[] made = new byte[SECRET];
      new SecureRandom().nextBytes(made);
      try (PreparedStatement insert =
          StateStore.prepare(
              connection, "insert into quarantine_secret (id, secret) values (" + ONLY + ", ?)")) {
        insert.setString(1, HexFormat.of().formatHex(made));
        insert.executeUpdate();
        return made;
      } catch (SQLException e) {
        if (!StateStore.isDuplicate(e)) {
          throw e;
        }
        // another server was first
        return secret(connection).orElseThrow(() -> e);
      }
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  private static Optional<byte[]> secret(Connection connection) throws SQLException {
    try (PreparedStatement select =
            StateStore.prepare(
                connection, "select secret from quarantine_secret where id = " + ONLY);
        ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(HexFormat.of().parseHex(row.getString(1))) : Optional.empty();
    }
  }

  @Override
  public RejectedMemory rejected() {
    return new JdbcRejected(state);
  }

  @Override
  public FollowedLinks followed() {
    return new JdbcFollowedLinks(state, node);
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
  public boolean holds(Instant last, Instant claimed) throws StateUnavailable {
    return update(
        "update quarantine_digest set claimed = claimed where last_sent = ? and claimed = ?",
        last.toEpochMilli(),
        claimed.toEpochMilli());
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
    return new JdbcQuarantine(state, node).untold(most);
  }

  @Override
  public void told(Set<String> parts) throws StateUnavailable {
    new ManyRows("update quarantined set told = true where part = ?").change(state, parts);
  }
}
