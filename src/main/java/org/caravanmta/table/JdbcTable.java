package org.caravanmta.table;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A table in a database, `jdbc:FILE`. The file has the form of Postfix's (postfix
/// `pgsql_table(5)`), with `url` in place of hosts and database. When the query finds several rows
/// or columns, the value is all of theirs, separated by commas.
final class JdbcTable implements RemoteTable.Asking, AutoCloseable {
  /// The parameters that the file may have.
  private static final Set<String> KEYS =
      Set.of(
          "url",
          "user",
          "password",
          "query",
          "result_format",
          "domain",
          "expansion_limit",
          "timeout",
          "connections");

  /// How long a query may take by default: a client is waiting for the reply to RCPT.
  private static final int SECONDS = 10;

  /// Connections at most, by default.
  private static final int CONNECTIONS = 8;

  /// When a connection that nobody uses is closed.
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final String name;
  private final TableParameters parameters;
  private final SqlQuery query;
  private final Template format;
  private final DomainFilter domains;
  private final int most;
  private final int seconds;
  private final LazyPool<HikariDataSource, RuntimeException> pool =
      new LazyPool<>(this::connect, HikariDataSource::close);

  private JdbcTable(
      String name, TableParameters parameters, Function<String, Table> tables, Values values) {
    this.name = name;
    this.parameters = parameters;
    try {
      this.query = SqlQuery.parse(parameters.required("query"));
      this.format = Template.format(parameters.text("result_format").orElse("%s"), values);
    } catch (TableProblem e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new TableProblem(name, "", String.valueOf(e.getMessage()));
    }
    try {
      DatabaseUrl.checked(parameters.required("url"));
    } catch (TableProblem e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw parameters.problem("url", String.valueOf(e.getMessage()));
    }
    this.domains = DomainFilter.of(parameters.list("domain"), tables);
    this.most = parameters.number("expansion_limit", 0);
    this.seconds = Math.max(1, parameters.number("timeout", SECONDS));
  }

  /// @param tables opens a table that `domain` names
  static Table open(
      String name, Path file, InstantSource clock, Values values, Function<String, Table> tables) {
    var table = new JdbcTable(name, TableParameters.read(name, file, KEYS), tables, values);
    TableLinks.add(table);
    return new RemoteTable(name, false, table, clock);
  }

  @Override
  public Lookup ask(String key) throws SQLException {
    String folded = key.toLowerCase(Locale.ROOT);
    Lookup admitted = domains.admits(folded);
    if (!(admitted instanceof Lookup.Found)) {
      return admitted;
    }
    var parts = Template.Parts.of(folded);
    Optional<List<String>> values = query.with(parts);
    return values.isEmpty()
        ? new Lookup.Absent()
        : Template.joined(name, format, parts, rows(values.get()), most);
  }

  private List<String> rows(List<String> values) throws SQLException {
    try (var connection = pool.get().getConnection();
        var statement = connection.prepareStatement(query.statement())) {
      statement.setQueryTimeout(seconds);
      // one row more than allowed, so that it is seen when there are too many
      statement.setMaxRows(most == 0 ? 0 : most + 1);
      for (int i = 0; i < values.size(); i++) {
        statement.setString(i + 1, values.get(i));
      }
      var found = new ArrayList<String>();
      try (var rows = statement.executeQuery()) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          for (int column = 1; column <= columns; column++) {
            String value = rows.getString(column);
            found.add(value == null ? "" : value);
          }
        }
      }
      return found;
    }
  }

  @Override
  public void close() {
    pool.close();
  }

  private HikariDataSource connect() {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(DatabaseUrl.checked(parameters.required("url")));
    parameters.text("user").ifPresent(config::setUsername);
    parameters.text("password").ifPresent(config::setPassword);
    config.setMaximumPoolSize(Math.max(1, parameters.number("connections", CONNECTIONS)));
    config.setMinimumIdle(0);
    config.setIdleTimeout(IDLE.toMillis());
    config.setConnectionTimeout(seconds * 1000L);
    config.setInitializationFailTimeout(-1);
    config.setReadOnly(true);
    return new HikariDataSource(config);
  }
}
