package org.caravanmta.sasl.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "work file=/a",
        "work file=/a expires=2027-01-31",
        "work command=/bin/x --a b=c",
        "work endpoint=https://login.example/t client=x secret-file=/s",
        "work endpoint=https://login.example/t client=x refresh-file=/r scope=a scope=b ca-file=/c"
      })
  void right(String line) {
    assertThat(TokenLine.parse(line).name()).isEqualTo("work");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "work",
        "a/b file=/a",
        "work file=",
        "work file=/a file=/b",
        "work file=/a command=/b",
        "work file=/a scope=x",
        "work endpoint=https://login.example/t",
        "work endpoint=https://login.example/t client=x",
        "work endpoint=http://login.example/t client=x secret-file=/s",
        "work endpoint=ldap://login.example client=x secret-file=/s",
        "work file=/a expires=soon",
        "work colour=red"
      })
  void wrong(String line) {
    assertThatThrownBy(() -> TokenLine.parse(line)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aSecretThatEverybodyCanReadIsNamed(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("token"), "x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    for (String line :
        List.of(
            "work file=" + file,
            "work endpoint=https://login.example/t client=x secret-file=" + file,
            "work endpoint=https://login.example/t client=x refresh-file=" + file)) {
      var settings = new TokenSettings(List.of(line), Duration.ofDays(1));
      assertThatThrownBy(() -> new Tokens(settings, InstantSource.system(), (_, _) -> {}))
          .hasMessage(
              file + ": everybody can read the secret in it; mode 0600 was expected: chmod o-rwx");
    }
  }
}
