package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tables that another program holds: a database, a directory, and small servers of our own.
class RemoteTableTest {
  @TempDir Path directory;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
  private final InstantSource clock = now::get;

  @Test
  void aDatabaseAnswersWithAllItsRows() throws Exception {
    String url = "jdbc:h2:mem:" + directory.getFileName() + ";DB_CLOSE_DELAY=-1";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE alias (address VARCHAR(80), goto VARCHAR(80))");
      statement.execute(
          "INSERT INTO alias VALUES ('info@b.example', 'ann@c.example'), ('info@b.example',"
              + " 'bob@c.example'), ('o''hara@b.example', 'oh@c.example'), ('nil@b.example',"
              + " NULL)");
    }
    Table table =
        jdbc(
            "url = " + url,
            "# as in Postfix's own",
            "query = SELECT goto FROM alias",
            "    WHERE address = '%s' ORDER BY goto",
            "domain = b.example");

    assertThat(table.find("Info@B.example"))
        .isEqualTo(new Lookup.Found("ann@c.example,bob@c.example"));
    assertThat(table.find("o'hara@b.example")).isEqualTo(new Lookup.Found("oh@c.example"));
    assertThat(table.find("' or ''='@b.example")).isEqualTo(new Lookup.Absent());
    assertThat(table.find("nil@b.example")).isEqualTo(new Lookup.Absent());
    assertThat(table.find("info@elsewhere.example")).isEqualTo(new Lookup.Absent());
    assertThat(table.find("@b.example")).isEqualTo(new Lookup.Absent());
    assertThat(table.patterns()).isFalse();

    assertThat(
            jdbc(
                    "url = " + url,
                    "query = SELECT goto FROM alias WHERE address = '%s'",
                    "expansion_limit = 1")
                .find("info@b.example"))
        .isInstanceOf(Lookup.Unavailable.class);
  }

  @Test
  void connectionsEndWithTheTables() throws Exception {
    String url = "jdbc:h2:mem:" + directory.getFileName() + "-links;DB_CLOSE_DELAY=-1";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      var links = new TableLinks();
      Table table = links.gather(() -> jdbc("url = " + url, "query = SELECT 'x'"));
      Table other = jdbc("url = " + url, "query = SELECT 'y'");
      assertThat(table.find("a@b.example")).isEqualTo(new Lookup.Found("x"));
      assertThat(other.find("a@b.example")).isEqualTo(new Lookup.Found("y"));
      assertThat(sessions(statement)).isEqualTo(3);
      links.close();
      assertThat(sessions(statement)).isEqualTo(2);
      // whoever still asks is not told that there is nothing
      assertThat(table.find("c@b.example")).isInstanceOf(Lookup.Unavailable.class);
      assertThat(sessions(statement)).isEqualTo(2);
      statement.execute("SHUTDOWN");
    }
  }

  private static int sessions(java.sql.Statement statement) throws Exception {
    try (var rows = statement.executeQuery("SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @Test
  void aDatabaseThatIsNotThereIsNeverAnAbsence() throws Exception {
    Table table =
        jdbc("url = jdbc:postgresql://127.0.0.1:1/mail", "query = SELECT 1", "timeout = 1");

    assertThat(table.find("a@b.example")).isInstanceOf(Lookup.Unavailable.class);
  }

  @Test
  void whatAFileSaysWronglyIsRefused() {
    assertThatThrownBy(() -> jdbc("url = jdbc:h2:mem:x"))
        .hasMessageContaining("query: is not there, and must be");
    assertThatThrownBy(() -> jdbc("hosts = localhost"))
        .hasMessageContaining("line 1: hosts is not one of connections, domain");
    assertThatThrownBy(() -> jdbc("url = localhost", "query = SELECT 1"))
        .hasMessageContaining("line 1: url: must be a JDBC URL");
    assertThatThrownBy(() -> ldap("search_base = dc=x", "query_filter = (mail=%s"))
        .isInstanceOf(TableProblem.class);
    assertThatThrownBy(() -> ldap("search_base = dc=x", "scope = tree"))
        .hasMessageContaining("expected sub, one or base");
  }

  @Test
  void aDirectoryAnswersWithAllValues() throws Exception {
    var config = new InMemoryDirectoryServerConfig("dc=b,dc=example");
    config.addAdditionalBindCredentials("cn=mail", "secret");
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig("t", InetAddress.getLoopbackAddress(), 0, null));
    config.setSchema(null);
    var server = new InMemoryDirectoryServer(config);
    server.add("dn: dc=b,dc=example", "objectClass: domain", "dc: b");
    server.add(
        "dn: cn=ann,dc=b,dc=example",
        "objectClass: person",
        "cn: ann",
        "mail: ann@b.example",
        "mail: info@b.example",
        "maildrop: ann@c.example",
        "maildrop: archive@c.example");
    server.add(
        "dn: cn=bob,dc=b,dc=example",
        "objectClass: person",
        "cn: bob",
        "mail: info@b.example",
        "maildrop: bob@c.example");
    server.startListening();
    Table table =
        ldap(
            "server_host = 127.0.0.1",
            "server_port = " + server.getListenPort(),
            "search_base = dc=%2,dc=%1",
            "query_filter = (mail=%s)",
            "result_attribute = maildrop",
            "bind_dn = cn=mail",
            "bind_pw = secret");

    assertThat(table.find("Ann@b.example"))
        .isEqualTo(new Lookup.Found("ann@c.example,archive@c.example"));
    assertThat(table.find("info@b.example"))
        .isEqualTo(new Lookup.Found("ann@c.example,archive@c.example,bob@c.example"));
    assertThat(table.find("*@b.example")).isEqualTo(new Lookup.Absent());
    assertThat(table.find("x)(mail=*@b.example")).isEqualTo(new Lookup.Absent());
    assertThat(table.find("ann@other.example")).isEqualTo(new Lookup.Absent());

    server.shutDown(true);
    later(RemoteTable.FRESH);
    assertThat(table.find("ann@b.example")).isInstanceOf(Lookup.Unavailable.class);
  }

  @Test
  void aWrongPasswordIsNoAbsence() throws Exception {
    var config = new InMemoryDirectoryServerConfig("dc=example");
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig("t", InetAddress.getLoopbackAddress(), 0, null));
    var server = new InMemoryDirectoryServer(config);
    server.startListening();
    assertThat(
            ldap(
                    "server_host = ldap://127.0.0.1:" + server.getListenPort(),
                    "search_base = dc=example",
                    "bind_dn = cn=mail",
                    "bind_pw = wrong")
                .find("a@b.example"))
        .isInstanceOf(Lookup.Unavailable.class);
    server.shutDown(true);
  }

  @Test
  void aSocketmapSpeaksInNetstrings() throws Exception {
    try (var server =
        SmallServer.netstrings(
            request ->
                switch (request) {
                  case "virtual a@b.example" -> "OK x@y.example";
                  case "virtual temp" -> "TEMP later";
                  case "virtual perm" -> "PERM never";
                  case "virtual odd" -> "WHAT";
                  default -> "NOTFOUND ";
                })) {
      Table table = Tables.open("socketmap:inet:127.0.0.1:" + server.port() + ":virtual");
      assertThat(table.find("a@b.example")).isEqualTo(new Lookup.Found("x@y.example"));
      assertThat(table.find("nobody")).isEqualTo(new Lookup.Absent());
      assertThat(table.find("temp")).isInstanceOf(Lookup.Unavailable.class);
      assertThat(table.find("perm")).isInstanceOf(Lookup.Unavailable.class);
      assertThat(table.find("odd")).isInstanceOf(Lookup.Unavailable.class);
      assertThat(table.patterns()).isTrue();
    }
  }

  @Test
  void aSocketmapMayBeASocketInTheFileSystem() throws Exception {
    Path socket = Files.createTempDirectory("s").resolve("map");
    try (var _ = SmallServer.unixNetstrings(socket, request -> "OK " + request)) {
      assertThat(Tables.open("socketmap:unix:" + socket + ":names").find("Ann"))
          .isEqualTo(new Lookup.Found("names Ann"));
    }
  }

  @Test
  void aTcpTableSpeaksInLines() throws Exception {
    try (var server =
        SmallServer.lines(
            request ->
                switch (request) {
                  case "get a%20b%25" -> "200 an%20answer";
                  case "get busy" -> "400 later";
                  default -> "500 no";
                })) {
      Table table = Tables.open("tcp:127.0.0.1:" + server.port());
      assertThat(table.find("a b%")).isEqualTo(new Lookup.Found("an answer"));
      assertThat(table.find("other")).isEqualTo(new Lookup.Absent());
      assertThat(table.find("busy")).isInstanceOf(Lookup.Unavailable.class);
    }
  }

  @Test
  void aServerThatEndedAnIdleConnectionIsCalledAgain() throws Exception {
    try (var server = SmallServer.netstrings(request -> "OK 1")) {
      Table table =
          Tables.open("socketmap:inet:127.0.0.1:" + server.port() + ":m", clock, Values.ANY);
      assertThat(table.find("a")).isInstanceOf(Lookup.Found.class);
      server.hangUp();
      assertThat(table.find("b")).isInstanceOf(Lookup.Found.class);
    }
  }

  @Test
  void anAnswerIsRememberedForSecondsAndAnOutageForOne() {
    var asked = new ArrayList<String>();
    var table =
        new RemoteTable(
            "t",
            false,
            key -> {
              asked.add(key);
              if (key.equals("down")) {
                throw new java.io.IOException("gone\r\nfor good");
              }
              return new Lookup.Found(key);
            },
            clock);
    table.find("a");
    table.find("a");
    assertThat(asked).containsExactly("a");
    later(RemoteTable.FRESH.plusMillis(1));
    table.find("a");
    assertThat(asked).containsExactly("a", "a");
    assertThat(table.find("down"))
        .isEqualTo(new Lookup.Unavailable("t cannot be asked: gone for good"));
    assertThat(table.find("b")).isInstanceOf(Lookup.Unavailable.class);
    assertThat(table.find("a")).isInstanceOf(Lookup.Found.class);
    later(RemoteTable.PAUSE);
    assertThat(table.find("b")).isEqualTo(new Lookup.Found("b"));
    assertThat(asked).containsExactly("a", "a", "down", "b");
  }

  private void later(Duration by) {
    now.updateAndGet(instant -> instant.plus(by));
  }

  private Table jdbc(String... lines) throws Exception {
    return Tables.open("jdbc:" + file(lines), clock, Values.ANY);
  }

  private Table ldap(String... lines) throws Exception {
    return Tables.open("ldap:" + file(lines), clock, Values.ANY);
  }

  private Path file(String... lines) throws Exception {
    return Files.write(directory.resolve("table.cf"), List.of(lines));
  }
}
