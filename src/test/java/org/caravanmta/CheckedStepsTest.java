package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.stage.Problem;
import org.caravanmta.story.Edits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A step of a route that names a content filter which cannot be is refused by check and by start,
/// with its file, the step, and what was expected.
class CheckedStepsTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "milter inet:nowhere |"
            + " expected the address of a filter such as inet:127.0.0.1:8891 or"
            + " unix:/run/filter.sock, found \"inet:nowhere\"",
        "milter inet:127.0.0.1:8891 default_action=never |"
            + " expected one of tempfail, shutdown, reject, quarantine, accept,"
            + " mark, found \"never\"",
        "milter inet:127.0.0.1:8891 colour=red |"
            + " expected one of command-timeout, connect-timeout, content-timeout,"
            + " default-action, found colour",
        "clamd 127.0.0.1 |"
            + " expected the address of a filter such as inet:127.0.0.1:8891 or"
            + " unix:/run/filter.sock, found \"127.0.0.1\"",
        "clamd unix:relative |"
            + " expected the address of a filter such as inet:127.0.0.1:8891 or"
            + " unix:/run/filter.sock, found \"unix:relative\"",
        "spamd inet:127.0.0.1:783 mode=maybe |"
            + " expected one of check, headers, process, found \"maybe\"",
        "spamd inet:127.0.0.1:783 reject-score=NaN |"
            + " expected a score such as 15.0, found \"NaN\"",
        "spamd inet:127.0.0.1:783 size-limit=0 | expected a number of bytes, found \"0\"",
        "rspamd http://a,ftp://b |"
            + " expected the address of rspamd such as http://127.0.0.1:11333,"
            + " found \"ftp://b\"",
        "icap http://127.0.0.1/s |"
            + " expected an ICAP service such as icap://127.0.0.1:1344/avscan,"
            + " found \"http://127.0.0.1/s\"",
        "http ftp://x |"
            + " expected the address of a service that speaks MTA Hooks, such as"
            + " https://scanner.example.com/v1/hooks/register or"
            + " https://scanner.example.com, found \"ftp://x\"",
        "http http://127.0.0.1:1/r stages=delivery |"
            + " delivery, defer and dsn are stages of filters.outbound, not of a"
            + " step",
        "http http://127.0.0.1:1/r serialization=xml |"
            + " expected one of json, cbor, found \"xml\"",
        "pipe unknownprogram |" + " there is no program unknownprogram in filters.programs",
        "through nonsense |"
            + " expected filter.NAME or transport:nexthop such as"
            + " smtp:[127.0.0.1]:10025",
        "through filter.none | no route consumes artemis:filter.none; there are none",
        "through nosuch:x |"
            + " there is no transport nosuch; there are camel, discard, error, lmtp, local, smtp,"
            + " virtual"
      })
  void aStepThatCannotBeIsNamedWithItsFile(String step, String why) throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Path file =
        Files.writeString(
            routes.resolve("own.camel.yaml"),
            """
            - route:
                id: own-filters
                from:
                  uri: direct:filters
                  steps:
                    - bean:
                        ref: "%s"
            """
                .formatted(step));
    Settings settings =
        SettingsFile.read(
            Optional.empty(),
            List.of("data.directory=" + directory.resolve("var")),
            Optional.empty());
    String line = file + ": route own-filters: \"" + step + "\": " + why;
    assertThat(catchThrowableOfType(Problem.class, () -> Caravan.check(settings, routes)).lines())
        .containsExactly(line);
    assertThat(
            catchThrowableOfType(Problem.class, () -> Caravan.start(settings, routes, _ -> {}))
                .lines())
        .containsExactly(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "artemis:routing | a content filter cannot stand after artemis:routing; it can in a route"
            + " from direct:filters, or from a queue filter.NAME",
        "artemis:delivery.smtp | a content filter cannot stand after artemis:delivery.smtp; it can"
            + " in a route from direct:filters, or from a queue filter.NAME",
        "artemis:filter.x | nothing settles what it says: the step"
            + " `bean: { ref: filtered, method: settle }` is missing after it"
      })
  void aFilterThatStandsAfterAQueueThatIsNotItsIsRefused(String from, String why) throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Path file =
        Files.writeString(
            routes.resolve("own.camel.yaml"),
            """
            - route:
                id: own
                routeConfigurationId: failure
                from:
                  uri: %s
                  steps:
                    - bean: { ref: "clamd inet:127.0.0.1:3310" }
                    - to: artemis:hold
            """
                .formatted(from));
    assertThat(refused(routes))
        .containsExactly(file + ": route own: \"clamd inet:127.0.0.1:3310\": " + why);
  }

  @Test
  void aFilterThatIsNeverAskedIsRefused() throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Path file = routes.resolve("reception.camel.yaml");
    String step = "- bean: { ref: recipients, method: check }\n";
    Files.writeString(
        file,
        Files.readString(file)
            .replaceFirst(
                "( *)\\Q" + step + "\\E", "$0$1- bean: { ref: \"clamd inet:127.0.0.1:3310\" }\n"));
    assertThat(refused(routes))
        .containsExactly(
            file
                + ": route reception: \"clamd inet:127.0.0.1:3310\": a content filter is never"
                + " asked where ${header.stage} == 'recipient', only at the stages event and"
                + " message");
  }

  private List<String> refused(Path routes) throws Exception {
    Settings settings =
        SettingsFile.read(
            Optional.empty(),
            List.of("data.directory=" + directory.resolve("var")),
            Optional.empty());
    return catchThrowableOfType(Problem.class, () -> Caravan.check(settings, routes)).lines();
  }
}
