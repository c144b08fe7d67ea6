package org.caravanmta.state;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The index of the quarantine in the tables `quarantined` and `quarantined_recipient`.
public final class JdbcQuarantine implements QuarantineIndex {
  /// Entries in one answer.
  private static final int PAGE = 500;

  /// Characters of a column; texts are cut there.
  private static final int LONGEST = 1000;

  private static final String SELECT =
      "select part, id, sender, client, subject, octets, filter_name, reason, score, detained,"
          + " arrived, node from quarantined where ";

  private final StateOnDemand state;
  private final String node;

  /// @param node the name of this node of a cluster; empty outside a cluster
  public JdbcQuarantine(StateOnDemand state, String node) {
    this.state = state;
    this.node = node;
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public void remember(Quarantined entry) throws StateUnavailable {
    replace(entry, Optional.of(entry));
  }

  @Override
  public void replace(Quarantined before, Optional<Quarantined> after) throws StateUnavailable {
    transaction(
        connection -> {
          boolean told = wasTold(connection, before.part());
          var parts = new TreeSet<>(Set.of(before.part()));
          // the rest of a message may be the same as another part of it
          after.ifPresent(entry -> parts.add(entry.part()));
          new ManyRows("delete from quarantined where part = ?").some(connection, parts.iterator());
          if (after.isPresent()) {
            Quarantined entry = after.get();
            insert(connection, entry, told);
            insertRecipients(connection, entry.part(), entry.recipients());
          }
        });
  }

  private static void insertRecipients(Connection connection, String part, List<String> recipients)
      throws SQLException {
    try (PreparedStatement insert =
        StateStore.prepare(
            connection,
            "insert into quarantined_recipient (part, number, recipient) values (?, ?, ?)")) {
      for (int i = 0; i < recipients.size(); i++) {
        insert.setString(1, part);
        insert.setInt(2, i);
        insert.setString(3, cut(recipients.get(i)));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /// What a digest has told of is told of once, whatever is noted of it again.
  private static boolean wasTold(Connection connection, String part) throws SQLException {
    try (PreparedStatement select =
        StateStore.prepare(connection, "select told from quarantined where part = ?")) {
      select.setString(1, part);
      try (ResultSet row = select.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  private void insert(Connection connection, Quarantined entry, boolean told) throws SQLException {
    try (PreparedStatement insert =
        StateStore.prepare(
            connection,
            "insert into quarantined (part, id, sender, client, subject, octets, filter_name,"
                + " reason, score, detained, arrived, told, node)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, entry.part());
      insert.setString(2, entry.id());
      insert.setString(3, cut(entry.sender()));
      insert.setString(4, cut(entry.client()));
      insert.setString(5, cut(entry.subject()));
      insert.setLong(6, entry.size());
      insert.setString(7, cut(entry.filter()));
      insert.setString(8, cut(entry.why()));
      if (entry.score().isPresent()) {
        insert.setDouble(9, entry.score().getAsDouble());
      } else {
        insert.setNull(9, Types.DOUBLE);
      }
      insert.setLong(10, entry.since().toEpochMilli());
      insert.setLong(11, entry.arrived().toEpochMilli());
      insert.setBoolean(12, told);
      insert.setString(13, node);
      insert.executeUpdate();
    }
  }

  @Override
  public void forget(Set<String> parts) throws StateUnavailable {
    new ManyRows("delete from quarantined where node = ? and part = ?", node).change(state, parts);
  }

  @Override
  public long adopt(String from, Set<String> ids, String to) throws StateUnavailable {
    Map<String, String> parts = parts(from);
    parts.values().retainAll(ids);
    return new ManyRows("update quarantined set node = ? where node = ? and part = ?", to, from)
        .change(state, parts.keySet());
  }

  @Override
  public long count() throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement select =
            StateStore.prepare(connection, "select count(*) from quarantined where node = ?")) {
      select.setString(1, node);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public Map<String, String> parts() throws StateUnavailable {
    return parts(node);
  }

  private Map<String, String> parts(String owner) throws StateUnavailable {
    try (Connection connection = state.connection()) {
      var parts = new HashMap<String, String>();
      String last = "";
      try (PreparedStatement select =
          StateStore.prepare(
              connection,
              "select part, id from quarantined where node = ? and part > ? order by part fetch"
                  + " first "
                  + 100 * PAGE
                  + " rows only")) {
        int before;
        do {
          before = parts.size();
          select.setString(1, owner);
          select.setString(2, last);
          try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
              last = row.getString(1);
              parts.put(last, row.getString(2));
            }
          }
        } while (parts.size() > before);
      }
      return parts;
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  /// Those that no digest has told of, by their keys.
  Map<String, Quarantined> untold(int most) throws StateUnavailable {
    var all = new LinkedHashMap<String, Quarantined>();
    long since = Long.MIN_VALUE;
    String part = "";
    while (all.size() < most) {
      List<Row> page = page(since, part, " and not told");
      page.forEach(row -> all.put(row.part, row.entry));
      if (page.size() < PAGE) {
        break;
      }
      since = page.getLast().since;
      part = page.getLast().part;
    }
    return all;
  }

  @Override
  public void each(Consumer<Quarantined> use) throws StateUnavailable {
    long since = Long.MIN_VALUE;
    String part = "";
    while (true) {
      List<Row> page = page(since, part, "");
      page.stream().map(Row::entry).forEach(use);
      if (page.size() < PAGE) {
        return;
      }
      since = page.getLast().since;
      part = page.getLast().part;
    }
  }

  /// An entry, and where it stands in their order.
  private record Row(long since, String part, Quarantined entry) {}

  private List<Row> page(long since, String part, String which) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement select =
            StateStore.prepare(
                connection,
                SELECT
                    + "(detained > ? or detained = ? and part > ?)"
                    + which
                    + " order by detained, part fetch first "
                    + PAGE
                    + " rows only")) {
      select.setLong(1, since);
      select.setLong(2, since);
      select.setString(3, part);
      return rows(connection, select);
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  @Override
  public List<Quarantined> of(String id) throws StateUnavailable {
    try (Connection connection = state.connection();
        PreparedStatement select =
            StateStore.prepare(
                connection,
                SELECT + "id = ? order by detained, part fetch first " + PAGE + " rows only")) {
      select.setString(1, id);
      return rows(connection, select).stream().map(Row::entry).toList();
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
  }

  private static List<Row> rows(Connection connection, PreparedStatement select)
      throws SQLException {
    var rows = new LinkedHashMap<String, Row>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        rows.put(
            row.getString(1), new Row(row.getLong(10), row.getString(1), entry(row, List.of())));
      }
    }
    return rows.isEmpty() ? List.of() : addressed(connection, rows);
  }

  private static List<Row> addressed(Connection connection, Map<String, Row> rows)
      throws SQLException {
    var recipients = new HashMap<String, List<String>>();
    try (PreparedStatement select =
        StateStore.prepare(
            connection,
            "select part, recipient from quarantined_recipient where part in ("
                + "?, ".repeat(rows.size() - 1)
                + "?) order by part, number")) {
      int at = 0;
      for (String part : rows.keySet()) {
        select.setString(++at, part);
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          recipients
              .computeIfAbsent(row.getString(1), _ -> new ArrayList<>())
              .add(row.getString(2));
        }
      }
    }
    var all = new ArrayList<Row>();
    rows.forEach(
        (part, row) ->
            all.add(
                new Row(
                    row.since, part, with(row.entry, recipients.getOrDefault(part, List.of())))));
    return all;
  }

  private static Quarantined entry(ResultSet row, List<String> recipients) throws SQLException {
    double score = row.getDouble(9);
    boolean scored = !row.wasNull();
    return new Quarantined(
        row.getString(2),
        recipients,
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getLong(6),
        row.getString(7),
        row.getString(8),
        scored ? OptionalDouble.of(score) : OptionalDouble.empty(),
        Instant.ofEpochMilli(row.getLong(10)),
        Instant.ofEpochMilli(row.getLong(11)),
        row.getString(12));
  }

  private static Quarantined with(Quarantined entry, List<String> recipients) {
    return new Quarantined(
        entry.id(),
        recipients,
        entry.sender(),
        entry.client(),
        entry.subject(),
        entry.size(),
        entry.filter(),
        entry.why(),
        entry.score(),
        entry.since(),
        entry.arrived(),
        entry.node());
  }

  @Override
  public long forgetBefore(Instant then) throws StateUnavailable {
    var old = new TreeSet<String>();
    try (Connection connection = state.connection();
        PreparedStatement select =
            StateStore.prepare(connection, "select part from quarantined where detained < ?")) {
      select.setLong(1, then.toEpochMilli());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          old.add(row.getString(1));
        }
      }
    } catch (SQLException e) {
      throw StateStore.unavailable(e);
    }
    return new ManyRows("delete from quarantined where part = ?").change(state, old);
  }

  private interface Work {
    void on(Connection connection) throws SQLException;
  }

  /// All of it, or nothing: the pool undoes what was not committed. Another server that has been
  /// first with the same has done it.
  private void transaction(Work work) throws StateUnavailable {
    try (Connection connection = state.connection()) {
      connection.setAutoCommit(false);
      work.on(connection);
      connection.commit();
    } catch (SQLException e) {
      if (!StateStore.isDuplicate(e)) {
        throw StateStore.unavailable(e);
      }
    }
  }

  /// What a database of either kind stores: no NUL, no half of a surrogate pair.
  static String cut(String text) {
    var fit = new StringBuilder();
    text.codePoints()
        .limit(LONGEST / 2)
        .map(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c)
        .forEach(fit::appendCodePoint);
    return fit.toString();
  }
}
