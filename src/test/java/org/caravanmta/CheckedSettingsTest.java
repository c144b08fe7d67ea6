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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What only the stages can tell about a setting is said as what its record knows: file, line, key,
/// value, and what is wrong with it.
class CheckedSettingsTest {
  private static final String TRANSPORTS =
      "; there are camel, discard, error, lmtp, local, smtp, virtual";

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "routing: { other: 'nosuch:x' } |"
            + " routing.other: nosuch:x: there is no transport nosuch"
            + TRANSPORTS,
        "routing: { content-filter: 'nosuch:x' } |"
            + " routing.content-filter: nosuch:x: there is no transport nosuch"
            + TRANSPORTS,
        "routing: { content-filter: 'filter.none:' } |"
            + " routing.content-filter: filter.none:: no route consumes artemis:filter.none; there"
            + " are none",
        "filters: { after-queue: { failing: filter.none } } |"
            + " filters.after-queue.failing: filter.none: no route consumes artemis:filter.none;"
            + " there are none",
        "routing: { transport: ['inline:{a.example=nosuch:x}'] } |"
            + " routing.transport: inline:{a.example=nosuch:x}, entry 1: there is no transport"
            + " nosuch"
            + TRANSPORTS,
        "rewriting: { canonical: ['hash:DIR/none'] } |"
            + " rewriting.canonical: hash:DIR/none: cannot be read: there is no such file",
        "domains: { own: ['DIR/none'] } |"
            + " domains.own: DIR/none: cannot be read: there is no such file",
        "notices: { template-file: DIR/none } |"
            + " notices.template-file: DIR/none: there is no such file",
        "notices: { template-file: DIR/sub } |"
            + " notices.template-file: DIR/sub: it cannot be read: Is a directory",
        "notices: { template-file: DIR/junk } |"
            + " notices.template-file: DIR/junk:1: expected NAME_template = <<END, found \"junk\"",
        "delivery: { tls: { certificates: [DIR/none] } } |"
            + " delivery.tls.certificates: DIR/none: there is no such file",
        "delivery: { tls: { authorities: [DIR/none] } } |"
            + " delivery.tls.authorities: DIR/none: there is no such file",
        "delivery: { tls: { authorities: [DIR/sub] } } |"
            + " delivery.tls.authorities: DIR/sub holds no certificate in PEM form",
        "delivery: { tls: { policies: ['inline:{{a.example=encrypt match=b}}'] } } |"
            + " delivery.tls.policies: inline:{{a.example=encrypt match=b}}, entry 1: match= is for"
            + " the levels fingerprint, verify and secure, not for encrypt",
        "delivery: { tls: { policies: ['hash:DIR/none'] } } |"
            + " delivery.tls.policies: hash:DIR/none: cannot be read: there is no such file",
        "tls: { certificates: [DIR/none] } | tls.certificates: DIR/none: there is no such file",
        "tls: { certificates: [DIR/junk] } |"
            + " tls.certificates: DIR/junk holds no certificate in PEM form",
        "listeners: { submission: { certificates: [DIR/junk] } } |"
            + " listeners.submission.certificates: DIR/junk holds no certificate in PEM form",
        "sasl: { passwords: DIR/none } | sasl.passwords: DIR/none: there is no such file",
        "sasl: { passwords: DIR/sub } |"
            + " sasl.passwords: DIR/sub: it cannot be read: Is a directory",
        "sasl: { passwords: DIR/junk } |"
            + " sasl.passwords: DIR/junk:1: user:{SCHEME}hash expected",
        "filters: { outbound: ['clamd inet:127.0.0.1:3310'] } |"
            + " filters.outbound: [clamd inet:127.0.0.1:3310]:"
            + " \"clamd inet:127.0.0.1:3310\": expected http, since no other kind"
            + " hears of deliveries",
        "filters: { outbound: [nonsense] } | filters.outbound: [nonsense]:"
            + " \"nonsense\": expected a service such"
            + " as http https://hooks.example.com/register stages=delivery+defer+dsn",
        "filters: { outbound: ['http ftp://x token=secret'] } |"
            + " filters.outbound: [http ftp://x token=...]:"
            + " \"http ftp://x token=...\": expected the address of a service that"
            + " speaks MTA Hooks, such as https://scanner.example.com/v1/hooks/register or"
            + " https://scanner.example.com, found \"ftp://x\"",
        "filters: { outbound: ['http stages=dsn'] } | filters.outbound: [http stages=dsn]:"
            + " \"http stages=dsn\": expected"
            + " where the filter is after http",
        "filters: { outbound: ['http http://127.0.0.1:1/r stages=data'] } |"
            + " filters.outbound: [http http://127.0.0.1:1/r stages=data]:"
            + " \"http http://127.0.0.1:1/r stages=data\": expected stages of"
            + " delivery, defer and dsn, found data",
        "filters: { outbound: ['http http://127.0.0.1:1/r serialization=xml'] } |"
            + " filters.outbound: [http http://127.0.0.1:1/r serialization=xml]:"
            + " \"http http://127.0.0.1:1/r serialization=xml\": expected one of"
            + " json, cbor, found \"xml\"",
        "filters: { outbound: ['http http://127.0.0.1:1/r colour=red'] } |"
            + " filters.outbound: [http http://127.0.0.1:1/r colour=red]:"
            + " \"http http://127.0.0.1:1/r colour=red\": expected one of"
            + " command-timeout, connect-timeout, content-timeout, default-action, serialization,"
            + " stages, token, found colour",
        "filters: { outbound: ['http http://127.0.0.1:1/r default-action=accept'] } |"
            + " filters.outbound: [http http://127.0.0.1:1/r default-action=accept]:"
            + " \"http http://127.0.0.1:1/r default-action=accept\": a service that"
            + " gives no answer changes nothing: no default-action",
        "filters: { outbound: ['http http://127.0.0.1:1/r token=a?b'] } |"
            + " filters.outbound: [http http://127.0.0.1:1/r token=...]:"
            + " \"http http://127.0.0.1:1/r token=...\": the token has characters"
            + " that a bearer token does not have (RFC 6750 §2.1)",
        "sasl: { oauth: { keys: DIR/none } } | sasl.oauth.keys: DIR/none: there is no such file"
      })
  void aValueThatCannotBeUsedIsNamedWithItsPlace(String yaml, String line) throws Exception {
    Files.createDirectory(directory.resolve("sub"));
    Files.writeString(directory.resolve("junk"), "junk\n");
    Path file =
        Files.writeString(
            directory.resolve("my.yaml"), "hostname: mx.example.org\n" + inPlace(yaml) + "\n");

    assertThat(problem(Optional.of(file), List.of()))
        .containsExactly(file + ":2: " + inPlace(line));
  }

  @Test
  void anOptionIsAPlaceToo() throws Exception {
    assertThat(problem(Optional.empty(), List.of("routing.other=nosuch:x")))
        .containsExactly(
            "--set: routing.other: nosuch:x: there is no transport nosuch" + TRANSPORTS);
  }

  /// What is suspended is not forgotten over a slip of whoever has edited the list.
  @Test
  void aListOfSuspensionsThatCannotBeReadIsNamedByCheckAndStartAndKept() throws Exception {
    Path list = directory.resolve("suspensions");
    Files.writeString(list, "TRANSPORT\tsmtp\tdown\n");
    String line =
        list
            + ":1: \"TRANSPORT?smtp?down\": expected TRANSPORT, NEXT_HOP or DOMAIN, a pattern, a"
            + " reason, a user and a time in milliseconds, with a tab between two; mend the line,"
            + " or delete it to resume what it was about";
    List<String> sets = List.of("data.directory=" + directory);
    assertThat(problem(Optional.empty(), sets)).containsExactly(line);
    Settings settings = SettingsFile.read(Optional.empty(), sets, Optional.empty());
    assertThat(
            catchThrowableOfType(
                    Problem.class, () -> Caravan.start(settings, Path.of("routes"), _ -> {}))
                .lines())
        .containsExactly(line);
    assertThat(list).hasContent("TRANSPORT\tsmtp\tdown\n");
  }

  private String inPlace(String text) {
    return text.replace("DIR", directory.toString());
  }

  @Test
  void aProgramThatCannotBeRunIsNamedAndKeepsNothingFromStarting() throws Exception {
    Settings settings =
        SettingsFile.read(
            Optional.empty(),
            List.of("filters.programs=['disclaimer user=no-such-user argv=/no/such/program']"),
            Optional.empty());
    assertThat(Caravan.check(settings, Optional.empty(), Path.of("routes")))
        .contains(
            "filters.programs: disclaimer: /no/such/program is not a program that can be run",
            "filters.programs: disclaimer: there is no user no-such-user");
  }

  private static List<String> problem(Optional<Path> file, List<String> sets) throws Exception {
    Settings settings = SettingsFile.read(file, sets, Optional.empty());
    return catchThrowableOfType(Problem.class, () -> Caravan.check(settings, Path.of("routes")))
        .lines();
  }
}
