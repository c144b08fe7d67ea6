package org.caravanmta.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db.example/mail",
        "jdbc:postgresql:mail",
        "jdbc:postgresql://a.example:5433,b.example/mail?user=x&password=%26&sslMode=verify-full&sslrootcert=/ca",
        "jdbc:postgresql://[::1]/mail?connectTimeout=2&ApplicationName=caravan",
        "jdbc:h2:mem:x",
        "jdbc:h2:mem:x;DB_CLOSE_DELAY=-1;",
        "jdbc:h2:file:/var/lib/caravan/users;IFEXISTS=TRUE;access_mode_data=r",
        "jdbc:h2:ssl://db.example/mail;MODE=PostgreSQL",
      })
  void howADatabaseIsReachedMayBeSaid(String url) {
    assertThat(DatabaseUrl.checked(url)).isEqualTo(url);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:h2:mem:x;INIT=RUNSCRIPT FROM '/tmp/x.sql'",
        "jdbc:h2:mem:x;init=CREATE ALIAS E AS 'x'",
        "jdbc:h2:mem:x; INIT =RUNSCRIPT FROM 'http://a.example/x'",
        "jdbc:h2:mem:x;SCHEMA=a\\;INIT=DROP TABLE x",
        "jdbc:h2:mem:x;TRACE_LEVEL_FILE=3",
        "jdbc:h2:mem:x;TRACE_LEVEL_SYSTEM_OUT=3",
        "jdbc:h2:mem:x;DATABASE_EVENT_LISTENER='a.B'",
        "jdbc:h2:mem:x;JAVA_OBJECT_SERIALIZER='a.B'",
        "jdbc:h2:file:./x;AUTO_SERVER=TRUE",
        "jdbc:h2:tcp://a.example/x;AUTHENTICATOR=a.B",
        "jdbc:postgresql://a.example/x?socketFactory=a.B&socketFactoryArg=c",
        "jdbc:postgresql://a.example/x?user=y&SOCKETFACTORY=a.B",
        "jdbc:postgresql:x?sslfactory=a.B",
        "jdbc:postgresql:x?socket%46actory=a.B",
        "jdbc:postgresql:x?sslhostnameverifier=a.B",
        "jdbc:postgresql:x?sslpasswordcallback=a.B",
        "jdbc:postgresql:x?authenticationPluginClassName=a.B",
        "jdbc:postgresql:x?loggerLevel=TRACE&loggerFile=/tmp/x",
        "jdbc:postgresql:x?xmlFactoryFactory=LEGACY",
        "jdbc:postgresql://?service=x",
        "jdbc:postgresql:x?jaasApplicationName=x",
        "jdbc:mysql://a.example/x?autoDeserialize=true",
        "jdbc:derby:x",
        "JDBC:H2:mem:x;INIT=x",
        " jdbc:h2:mem:x;INIT=x",
        "postgresql://a.example/x",
        "",
      })
  void whatLoadsRunsOrWritesMayNot(String url) {
    assertThatThrownBy(() -> DatabaseUrl.checked(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("m");
  }

  @TempDir Path directory;

  @Test
  void itIsSaidWhere() throws IOException {
    Path script = directory.resolve("x.sql");
    Files.writeString(script, "CALL CSVWRITE('" + directory.resolve("out") + "', 'SELECT 1')");
    Path file =
        Files.writeString(
            directory.resolve("users.cf"),
            "user = x\nurl = jdbc:h2:mem:y;INIT=RUNSCRIPT FROM '"
                + script
                + "'\nquery = SELECT 1\n");
    assertThatThrownBy(() -> Tables.open("jdbc:" + file).find("a"))
        .hasMessageStartingWith("jdbc:" + file + ", line 2: url: may not have the parameter init");
    assertThat(directory.resolve("out")).doesNotExist();
  }

  @Test
  void aResultOfOnesOwnWordsTakesNoneOfTheKey() throws IOException {
    for (String place : new String[] {"%U", "%S", "%D", "%1"}) {
      Path file =
          Files.writeString(
              directory.resolve("a.cf"),
              "url = jdbc:h2:mem:y\nquery = SELECT 1\nresult_format = |x " + place + "\n");
      assertThat(Tables.open("jdbc:" + file).name()).isEqualTo("jdbc:" + file);
      assertThatThrownBy(
              () -> Tables.open("jdbc:" + file, java.time.InstantSource.system(), Values.FIXED))
          .hasMessageContaining("what is looked up comes from strangers");
    }
  }
}
