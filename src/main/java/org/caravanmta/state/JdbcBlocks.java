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
import java.util.function.BooleanSupplier;

/// The table `blocked_sender`.
public final class JdbcBlocks implements SenderBlocks {
  private final StateOnDemand state;
  private final BooleanSupplier there;

  /// @param there whether there is a database; where there is none yet, nobody is blocked
  public JdbcBlocks(StateOnDemand state, BooleanSupplier there) {
    this.state = state;
    this.there = there;
  }

  @Override
  public List<BlockedSender> all() throws StateUnavailable {
    if (!state.isOpen() && !there.getAsBoolean()) {
      return List.of();
    }
    try (Connection connection = state.connection();
        PreparedStatement select =
            StateStore.prepare(
                connection,
                "select sender, recipient, author, since from blocked_sender"
                    + " order by sender, recipient");
        ResultSet row = select.executeQuery()) {
      var all = new ArrayList<BlockedSender>();
      while (row.next()) {
        all.add(
            new BlockedSender(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                Instant.ofEpochMilli(row.getLong(4))));
      }
      return all;
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public boolean add(BlockedSender blocked) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement insert =
            StateStore.prepare(
                connection,
                "insert into blocked_sender (id, sender, recipient, author, since)"
                    + " values (?, ?, ?, ?, ?)")) {
      insert.setString(1, id(blocked.sender(), blocked.recipient()));
      insert.setString(2, blocked.sender());
      insert.setString(3, blocked.recipient());
      insert.setString(4, JdbcQuarantine.cut(blocked.author()));
      insert.setLong(5, blocked.since().toEpochMilli());
      insert.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (StateStore.isDuplicate(e)) {
        return false;
      }
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public boolean remove(String sender, String recipient) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement delete =
            StateStore.prepare(connection, "delete from blocked_sender where id = ?")) {
      delete.setString(1, id(sender, recipient));
      return delete.executeUpdate() > 0;
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  private static String id(String sender, String recipient) {
    try {
      byte[] both = (sender + "\0" + recipient).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(both));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
