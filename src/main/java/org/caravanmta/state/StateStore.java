package org.caravanmta.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.caravanmta.account.OwnerOnly;
import org.caravanmta.table.DatabaseUrl;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The database of what is not mail but must be remembered, see the migrations in `db/migration`.
/// Blocking; once it is open, no call waits longer than about a second for a connection.
public final class StateStore implements AutoCloseable {
  /// Reception waits ten seconds for a stage; most of that has to be left.
  private static final long CONNECTION_WAIT_MILLIS = 1000;

  /// A database in our own process is opened or is broken: on a busy machine that takes its time.
  private static final long EMBEDDED_WAIT_MILLIS = 15_000;

  /// Statements here touch one row; one that takes longer is waiting for something broken.
  private static final int STATEMENT_SECONDS = 3;

  /// SQLSTATE class 23, integrity constraint violation.
  private static final String DUPLICATE = "23505";

  private static final int CONNECTIONS = 8;

  private static final String POSTGRESQL = "jdbc:postgresql:";

  private static final Logger LOG = LoggerFactory.getLogger(StateStore.class);

  private final HikariDataSource source;
  private final ReentrantLock migrating = new ReentrantLock();
  private volatile boolean ready;
  private Optional<StateWatch> watch = Optional.empty();

  private StateStore(HikariDataSource source) {
    this.source = source;
  }

  /// Opens the H2 database in `directory`, which is made when needed.
  public static StateStore embedded(Path directory) {
    try {
      OwnerOnly.directory(directory);
    } catch (IOException e) {
      throw new IllegalArgumentException("data.directory: " + directory + " cannot be made: " + e);
    }
    return open(
        "jdbc:h2:file:" + directory.toAbsolutePath().resolve("state") + ";DB_CLOSE_ON_EXIT=FALSE",
        "",
        "",
        EMBEDDED_WAIT_MILLIS);
  }

  /// Whether there is such a database in `directory` already.
  public static boolean isEmbeddedIn(Path directory) {
    return Files.exists(directory.resolve("state.mv.db"));
  }

  /// Opens a database and brings its tables to this version. A database that is down does not stop
  /// us: its tables are seen to when it answers.
  ///
  /// @throws IllegalArgumentException if no driver knows the URL, or the tables are not ours
  public static StateStore open(String url, String user, String password) {
    return open(url, user, password, CONNECTION_WAIT_MILLIS);
  }

  /// @param first milliseconds to wait for the first connection
  private static StateStore open(String url, String user, String password, long first) {
    var config = new HikariConfig();
    config.setPoolName("state");
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(first);
    config.setValidationTimeout(CONNECTION_WAIT_MILLIS / 2);
    config.setInitializationFailTimeout(-1);
    if (url.startsWith(POSTGRESQL)) {
      config.addDataSourceProperty("connectTimeout", "1");
      config.addDataSourceProperty("socketTimeout", String.valueOf(STATEMENT_SECONDS));
      // one that hangs does not take the wish to cancel a statement either
      config.addDataSourceProperty("cancelSignalTimeout", "1");
    }
    config.setUsername(user);
    config.setPassword(password);
    try {
      config.setJdbcUrl(DatabaseUrl.checked(url));
      var store = new StateStore(new HikariDataSource(config));
      store.begin();
      store.source.getHikariConfigMXBean().setConnectionTimeout(CONNECTION_WAIT_MILLIS);
      return store;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "url must be a JDBC URL of H2 or PostgreSQL that can be opened, was "
              + url
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /// Whether the database answers and has its tables.
  public boolean isReady() {
    return trouble().isEmpty();
  }

  /// Has the operator told while it does not answer, from now on; one in our own process does.
  public synchronized void watch() {
    if (watch.isEmpty() && source.getJdbcUrl().startsWith(POSTGRESQL)) {
      watch = Optional.of(StateWatch.of(this::trouble));
    }
  }

  private Optional<String> trouble() {
    try (Connection connection = connection()) {
      return connection.isValid(1) ? Optional.empty() : Optional.of("no answer");
    } catch (SQLException e) {
      return Optional.of(why(e));
    }
  }

  @Override
  public synchronized void close() {
    watch.ifPresent(StateWatch::close);
    source.close();
  }

  /// A connection that commits each statement, to be closed soon.
  Connection connection() throws SQLException {
    if (!ready) {
      try {
        migrate();
      } catch (FlywayException e) {
        throw new SQLException("the tables cannot be set up: " + e.getMessage(), e);
      }
    }
    return source.getConnection();
  }

  /// Deletes what has expired from a table, at most so many rows.
  ///
  /// @param key the column by which the table knows its rows
  /// @return how many
  int forgetExpired(String table, String key, Instant now, int most) throws StateUnavailable {
    try (Connection connection = connection();
        PreparedStatement delete =
            prepare(
                connection,
                // again, since what is in use may have been written meanwhile; others sweep, too
                "delete from %1$s where expires <= ? and %2$s in (select %2$s from %1$s"
                        .formatted(table, key)
                    + " where expires <= ? fetch first %d rows only for update skip locked)"
                        .formatted(most))) {
      delete.setLong(1, now.getEpochSecond());
      delete.setLong(2, now.getEpochSecond());
      return delete.executeUpdate();
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setQueryTimeout(STATEMENT_SECONDS);
    return statement;
  }

  /// Whether another server was first.
  static boolean isDuplicate(SQLException e) {
    return DUPLICATE.equals(e.getSQLState());
  }

  static StateUnavailable unavailable(SQLException e) {
    return new StateUnavailable(why(e), e);
  }

  /// What is wrong: with the database, where the pool only says that it has no connection.
  private static String why(SQLException e) {
    boolean none = e instanceof SQLTransientConnectionException;
    if (none && e.getCause() instanceof SQLException cause) {
      return String.valueOf(cause.getMessage());
    }
    return none ? "it does not answer" : String.valueOf(e.getMessage());
  }

  private void begin() {
    try {
      migrate();
    } catch (SQLException e) {
      LOG.warn("state: the database is unavailable, its tables are set up later: {}", why(e));
    } catch (FlywayException e) {
      source.close();
      throw e;
    }
  }

  /// One asker sees to the tables; others do not wait for it.
  private void migrate() throws SQLException {
    if (!migrating.tryLock()) {
      throw new SQLException("the tables are being set up");
    }
    try {
      // tells a database that is down from one that refuses the migration
      source.getConnection().close();
      Flyway.configure(StateStore.class.getClassLoader())
          .dataSource(source)
          .locations("classpath:db/migration")
          .load()
          .migrate();
      ready = true;
    } catch (FlywayException e) {
      if (e.getCause() instanceof SQLException away) {
        throw away;
      }
      throw e;
    } finally {
      migrating.unlock();
    }
  }
}
