package org.caravanmta.filter.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.config.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How the operator writes a program that is a filter.
class FilterProgramTest {
  @Test
  void sayWhatIsToBeRun() {
    assertThat(
            FilterProgram.parse(
                "disclaimer user=filter:mail directory=/var/filter environment=A=b=c"
                    + " {environment=D=e f} time_limit=90s output=5MiB null_sender=<>"
                    + " argv=/usr/local/bin/disclaimer -f ${sender} {a b}"))
        .isEqualTo(
            new FilterProgram(
                "disclaimer",
                "filter",
                Optional.of("mail"),
                List.of("/usr/local/bin/disclaimer", "-f", "${sender}", "a b"),
                Optional.of(Path.of("/var/filter")),
                Map.of("A", "b=c", "D", "e f"),
                Duration.ofSeconds(90),
                Size.parse("5MiB"),
                "<>"));
    assertThat(FilterProgram.parse("a user=b argv=/c"))
        .isEqualTo(
            new FilterProgram(
                "a",
                "b",
                Optional.empty(),
                List.of("/c"),
                Optional.empty(),
                Map.of(),
                Duration.ofMinutes(5),
                Size.parse("64MiB"),
                "MAILER-DAEMON"));
  }

  @Test
  void whatKeepsThemFromBeingRunIsKnownBefore() {
    assertThat(FilterProgram.parse("a user=daemon argv=/bin/sh").hindrances()).isEmpty();
    assertThat(FilterProgram.parse("a user=no-such-user argv=/no/such/program").hindrances())
        .containsExactly(
            "/no/such/program is not a program that can be run", "there is no user no-such-user");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                      | a name first, such as disclaimer
          A user=b argv=/c                        | a name first, such as disclaimer
          a argv=/c                               | user=USER, who is not root
          a user=root argv=/c                     | user=USER, who is not root
          a user=b:root argv=/c                   | user=USER:GROUP, which is not root's
          a user=b: argv=/c                       | user=USER:GROUP, which is not root's
          a user=b                                | argv=/PATH and arguments last
          a user=b argv=c                         | argv=/PATH and arguments last
          a user=b argv=/c$sender                 | a program whose path is the same for every message
          a user=b argv=/c $nexthop               | expected one of client_address
          a user=b flags=R argv=/c                | user=, directory=, environment=, time_limit=, output=, null_sender= or argv=
          a user=b time_limit=1 argv=/c           | time_limit=TIME, such as 30s
          a user=b time_limit=0s argv=/c          | time_limit=TIME, such as 30s
          a user=b output=much argv=/c            | output=SIZE, such as 64MiB
          a user=b environment=A argv=/c          | environment=NAME=VALUE
          a user=b environment=1=2 argv=/c        | environment=NAME=VALUE
          a user=b argv=/c {d                     | a } for each {
          """)
  void sayWhatWasExpected(String text, String why) {
    assertThatThrownBy(() -> FilterProgram.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(why);
  }
}
