package org.caravanmta.state;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;

/// A real PostgreSQL server in a temporary directory, shared by the tests of one run. As root it is
/// started inside a user namespace of its own, since PostgreSQL refuses to run as root.
final class Postgres {
  private static final EmbeddedPostgres SERVER = start();

  private Postgres() {}

  static String url() {
    return SERVER.getJdbcUrl("postgres", "postgres");
  }

  static int port() {
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
