package org.caravanmta.state;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// A real PostgreSQL server in a temporary directory, shared by the tests of one run. As root it is
/// started inside a user namespace of its own, since PostgreSQL refuses to run as root.
public final class Postgres {
  private static final EmbeddedPostgres SERVER = start();

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private Postgres() {}

  public static String url() {
    return SERVER.getJdbcUrl("postgres", "postgres");
  }

  /// A database of its own, with nothing in it.
  public static String fresh() {
    String name = "fresh" + DATABASES.incrementAndGet();
    try (var connection = DriverManager.getConnection(url(), "postgres", "");
        var create = connection.createStatement()) {
      create.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return SERVER.getJdbcUrl("postgres", name);
  }

  public static int port() {
    return SERVER.getPort();
  }

  private static EmbeddedPostgres start() {
    try {
      return EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
    } catch (IOException e) {
      throw new IllegalStateException("PostgreSQL does not start", e);
    }
  }
}
