package org.caravanmta.sasl.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.caravanmta.table.DatabaseUrl;
import org.caravanmta.table.Lookup;

/// Passwords in a database, found by a query with one `?` in place of the user, whose first column
/// is `{SCHEME}hash`.
final class PasswordQuery implements PasswordSource {
  /// How long a login waits for a connection, and then again for the answer.
  private static final int SECONDS = 10;

  /// At most; logins are rare, and quick to look up.
  private static final int CONNECTIONS = 4;

  private final HikariDataSource database;
  private final String query;

  /// Does not connect before the first question.
  PasswordQuery(String url, String user, String password, String query) {
    var config = new HikariConfig();
    config.setJdbcUrl(DatabaseUrl.checked(url));
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(SECONDS * 1000L);
    config.setReadOnly(true);
    config.setPoolName("sasl");
    this.database = new HikariDataSource(config);
    this.query = query;
  }

  @Override
  public Lookup find(String user) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setQueryTimeout(SECONDS);
      statement.setString(1, user);
      try (ResultSet rows = statement.executeQuery()) {
        String hash = rows.next() ? rows.getString(1) : null;
        return hash == null ? new Lookup.Absent() : new Lookup.Found(hash);
      }
    } catch (SQLException e) {
      return new Lookup.Unavailable("sasl.jdbc: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
