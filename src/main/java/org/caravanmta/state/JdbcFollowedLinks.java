package org.caravanmta.state;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The table `followed_link`.
final class JdbcFollowedLinks implements FollowedLinks {
  /// Links in one answer; the rest comes with the next.
  private static final int MOST = 500;

  private final StateOnDemand state;
  private final String node;

  JdbcFollowedLinks(StateOnDemand state, String node) {
    this.state = state;
    this.node = node;
  }

  @Override
  public void keep(String id, String link, Instant expires) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement insert =
            StateStore.prepare(
                connection,
                "insert into followed_link (id, message, link, expires) values (?, ?, ?, ?)")) {
      insert.setString(1, key(link));
      insert.setString(2, id);
      insert.setString(3, link);
      insert.setLong(4, expires.getEpochSecond());
      insert.executeUpdate();
    } catch (SQLException e) {
      if (!StateStore.isDuplicate(e)) {
        throw StateStore.unavailable(e);
      }
    }
  }

  @Override
  public List<String> ours() throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement select =
            StateStore.prepare(
                connection,
                "select link from followed_link where message in"
                    + " (select id from quarantined where node = ?) order by expires, id fetch"
                    + " first "
                    + MOST
                    + " rows only")) {
      select.setString(1, node);
      try (ResultSet row = select.executeQuery()) {
        var ours = new ArrayList<String>();
        while (row.next()) {
          ours.add(row.getString(1));
        }
        return ours;
      }
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public void forget(String link) throws StateUnavailable {
    new ManyRows("delete from followed_link where id = ?").change(state, List.of(key(link)));
  }

  @Override
  public void forgetExpired(Instant now) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement delete =
            StateStore.prepare(connection, "delete from followed_link where expires <= ?")) {
      delete.setLong(1, now.getEpochSecond());
      delete.executeUpdate();
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  private static String key(String link) {
    try {
      byte[] text = link.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
