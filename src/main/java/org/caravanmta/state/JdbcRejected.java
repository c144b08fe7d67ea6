package org.caravanmta.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What content filters have rejected, in the table `rejected_mail`.
public final class JdbcRejected implements RejectedMemory {
  /// A row is not inserted for a recipient that has enough of them. Two servers at the same moment
  /// may go over it by a few.
  private static final String INSERT =
      "insert into rejected_mail (id, recipient, sender, subject, filter_name, reason, rejected)"
          + " select cast(? as varchar(64)), cast(? as varchar(1000)), cast(? as varchar(1000)),"
          + " cast(? as varchar(1000)), cast(? as varchar(1000)), cast(? as varchar(1000)),"
          + " cast(? as bigint)"
          + " where (select count(*) from rejected_mail where recipient = ?) < ?";

  private final StateOnDemand state;

  public JdbcRejected(StateOnDemand state) {
    this.state = state;
  }

  @Override
  public void note(List<RejectedMail> all, int most) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement insert = StateStore.prepare(connection, INSERT)) {
      for (RejectedMail mail : all) {
        String recipient = JdbcQuarantine.cut(mail.recipient());
        insert.setString(1, mail.id());
        insert.setString(2, recipient);
        insert.setString(3, JdbcQuarantine.cut(mail.sender()));
        insert.setString(4, JdbcQuarantine.cut(mail.subject()));
        insert.setString(5, JdbcQuarantine.cut(mail.filter()));
        insert.setString(6, JdbcQuarantine.cut(mail.why()));
        insert.setLong(7, mail.since().toEpochMilli());
        insert.setString(8, recipient);
        insert.setInt(9, most);
        insert.executeUpdate();
      }
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public Map<Long, RejectedMail> all(int most) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement select =
            StateStore.prepare(
                connection,
                "select number, id, recipient, sender, subject, filter_name, reason, rejected"
                    + " from rejected_mail order by number fetch first "
                    + most
                    + " rows only");
        ResultSet row = select.executeQuery()) {
      var all = new LinkedHashMap<Long, RejectedMail>();
      while (row.next()) {
        all.put(
            row.getLong(1),
            new RejectedMail(
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                Instant.ofEpochMilli(row.getLong(8))));
      }
      return all;
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public void forget(Set<Long> keys) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement delete =
            StateStore.prepare(connection, "delete from rejected_mail where number = ?")) {
      for (Long key : keys) {
        delete.setLong(1, key);
        delete.addBatch();
      }
      delete.executeBatch();
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public void forgetBefore(Instant then) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement delete =
            StateStore.prepare(connection, "delete from rejected_mail where rejected < ?")) {
      delete.setLong(1, then.toEpochMilli());
      delete.executeUpdate();
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }
}
