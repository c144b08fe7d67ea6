package org.caravanmta.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Domain;
import org.caravanmta.message.Relayhost;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.table.DomainPattern;
import org.caravanmta.table.NetworkPattern;
import org.caravanmta.table.TableName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
  @TempDir Path directory;

  @Test
  void withoutAFileTheReferenceHolds() throws SettingsProblem {
    Settings settings = read();
    assertThat(settings.hostname()).isEmpty();
    assertThat(settings.data().directory()).isEqualTo(Path.of("var"));
    assertThat(settings.domains().own()).containsExactly(new DomainPattern("caravan.test"));
    assertThat(NetworkPattern.texts(settings.networks().own()))
        .containsExactly("127.0.0.0/8", "[::1]/128");
    assertThat(settings.listeners().smtp().address().getPort()).isEqualTo(2525);
    assertThat(settings.smtp().message().headerLimit()).isEqualTo(Size.ofKiB(128));
    assertThat(settings.queue().times().lanes()).startsWith(Duration.ofMinutes(1)).hasSize(7);
    assertThat(settings.queue().times().lifetime()).isEqualTo(Duration.ofDays(5));
    assertThat(settings.recipients().own())
        .containsExactly(new TableName("inline:{alice=maildir, bob=maildir}"));
    assertThat(settings.delivery().relayhost()).isEmpty();
    assertThat(settings.metrics().address()).isEmpty();
  }

  @Test
  void theFileIsLaidOverTheReferenceAndTheCommandLineOverTheFile() throws Exception {
    Path file =
        file(
            """
            hostname: mx.example.org
            domains:
              own: [example.org, example.net]
            smtp:
              timeout: 90s
              error-limit: 5
            """);
    Settings settings =
        SettingsFile.read(
            Optional.of(file),
            List.of("smtp.error-limit=7", "domains.relay=[example.com]"),
            Optional.of(directory));
    assertThat(settings.hostname()).contains(new Domain("mx.example.org"));
    assertThat(settings.domains().own())
        .containsExactly(new DomainPattern("example.org"), new DomainPattern("example.net"));
    assertThat(settings.domains().relay()).containsExactly(new DomainPattern("example.com"));
    assertThat(settings.smtp().patience().timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.smtp().patience().errorLimit()).isEqualTo(7);
    assertThat(settings.smtp().message().hopLimit()).isEqualTo(50);
    assertThat(settings.data().directory()).isEqualTo(directory);
  }

  @Test
  void aNextHopInBracketsNeedsNoQuotesOnTheCommandLine() throws SettingsProblem {
    Settings settings = read("delivery.relayhost=[smtp.example.net]:587");
    assertThat(settings.delivery().relayhost())
        .map(Relayhost::nextHop)
        .contains("[smtp.example.net]:587");
    assertThat(read("delivery.relayhost=").delivery().relayhost()).isEmpty();
  }

  @Test
  void aSectionWithNothingInItChangesNothing() throws Exception {
    for (String text : List.of("smtp:\n  # error-limit: 3\n", "# nothing yet\n")) {
      assertThat(SettingsFile.placeholders(read(file(text))))
          .isEqualTo(SettingsFile.placeholders(read()));
    }
  }

  @Test
  void oneRunNamesEveryMistakeWithFileLineAndKey() throws IOException {
    Path file =
        file(
            """
            hostnam: mx.example.org
            smtp:
              timeout: 5 minutes
              recipient-limit: many
              size-limit: 10MB
            relayhost: mx.example.net
            networks:
              own:
                - 192.0.2.0/24
                - 192.0.2.1/24
            listeners:
              smtp:
                adress: 127.0.0.1:25
            """);
    assertThat(problems(file))
        .containsExactly(
            file + ":1: hostnam: unknown key; did you mean hostname?",
            file + ":6: relayhost: unknown key; did you mean delivery.relayhost?",
            file + ":13: listeners.smtp.adress: unknown key; did you mean listeners.smtp.address?",
            file + ":10: networks.own: \"192.0.2.1/24\" has address bits after its prefix of 24",
            file + ":5: smtp.size-limit: 10MB: a size such as 65536, 64KiB or 10MiB was expected",
            file + ":4: smtp.recipient-limit: many: a whole number was expected",
            file
                + ":3: smtp.timeout: 5 minutes: a duration such as 90s, 5m, 2h or 5d was expected");
  }

  /// Several stages read a section, and the operator sees one.
  @Test
  void aSectionOfSeveralStagesRefusesWhatNoneOfThemKnows() throws IOException {
    Path file =
        file(
            """
            delivery:
              maildir: mail
              port: 70000
              programs: [drop user=vmail argv=/bin/cat, drop user=vmail argv=/bin/cat]
              outgoing:
                maildir: mail/%u
              checks:
                haeder: []
              program: []
            """);
    assertThat(problems(file))
        .containsExactlyInAnyOrder(
            file + ":2: delivery.maildir: mail: must contain %u, the user",
            file + ":3: delivery.port: 70000: must be at most 65535",
            file
                + ":4: delivery.programs: [drop user=vmail argv=/bin/cat, drop user=vmail"
                + " argv=/bin/cat]: must have each name only once",
            file + ":6: delivery.outgoing.maildir: unknown key; did you mean delivery.maildir?",
            file + ":8: delivery.checks.haeder: unknown key; did you mean delivery.checks.header?",
            file + ":9: delivery.program: unknown key; did you mean delivery.programs?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          smtp.recipient-limit=0       | smtp.recipient-limit: 0: must be at least 1, was 0
          smtp.header-limit=129KiB       | smtp.header-limit: 129KiB: must be at most 128KiB
          smtp.timeout=0s                | smtp.timeout: 0s: must be longer than 0s
          content.inline-limit=65KiB     | content.inline-limit: 65KiB: must be at most 64KiB
          queue.lifetime=0d              | queue.lifetime: 0d: must be longer than 0s
          queue.delay-warning=5d         | queue.delay-warning: 5d: must be shorter than lifetime, or 0 for none
          queue.lanes=[]                 | queue.lanes: []: must have at least one waiting time
          queue.lanes=[5m, 1m]           | queue.lanes: [5m, 1m]: must grow: each waits longer than the one before
          queue.lanes=5m                 | queue.lanes: 5m: a list such as [one, two] was expected
          delivery.maildir=mail          | delivery.maildir: mail: must contain %u, the user
          delivery.maildir=../%u         | delivery.maildir: ../%u: must stay below data.directory
          delivery.relayhost=[mx]:0      | delivery.relayhost: [mx]:0: a next hop such as example.net, [mx.example.net] or [192.0.2.1]:2525 was expected
          delivery.port=70000            | delivery.port: 70000: must be at most 65535
          recipients.own=[alice]         | recipients.own: alice: a table such as texthash:/etc/caravan/virtual or inline:{key=value} was expected
          domains.own=[a..b]             | domains.own: a..b: a domain such as example.org was expected
          listeners.smtp.address=25      | listeners.smtp.address: 25: an address and port such as 127.0.0.1:2525 or "[::1]:2525" was expected
          listeners.smtp.address=*:25    | listeners.smtp.address: *:25: an address and port such as 127.0.0.1:2525 or "[::1]:2525" was expected
          listeners.smtp.enabled=maybe   | listeners.smtp.enabled: maybe: true or false was expected
          listeners.smtp.address=127.0.0.1:2587 | listeners: two enabled listeners have the address 127.0.0.1:2587, each needs its own
          dns.servers=[ns.example.org]   | dns.servers: ns.example.org: a name server such as 192.0.2.53 or 127.0.0.1:5353 was expected
          broker.url=http://x            | broker.url: http://x: must be tcp://host:61616 or (tcp://a:61616,tcp://b:61616)?ha=true
          state.url=postgresql://x       | state.url: postgresql://x: must be a JDBC URL such as jdbc:postgresql://host/mail, of PostgreSQL or H2
          local.catch-all=${user         | local.catch-all: ${user: must be an address such as caught+$user, |command or /file: a { without its end in "${user"
          greylist.retry-window=30s      | greylist.retry-window: 30s: must be longer than delay
          listeners.smtp.proxies=[0.0.0.0/0] | listeners.smtp.proxies: [0.0.0.0/0]: must not hold the whole internet
          smtp.xclient-hosts=['::/0']    | smtp.xclient-hosts: [::/0]: must not hold the whole internet
          smtp.bare-newline=accept       | smtp.bare-newline: accept: no, note, normalize or reject was expected
          rewriting.canonical-classes=[envelope] | rewriting.canonical-classes: envelope: envelope-sender, envelope-recipient, header-sender or header-recipient was expected
          listeners.smtp.auth=always     | listeners.smtp.auth: always: none, may, users or required was expected
          tls.strength.protocols=TLSv9   | tls.strength.protocols: TLSv9: cannot be used: "TLSv9" is not a version such as TLSv1.2, !SSLv3,
          tls.strength.mandatory-protocols=!TLSv1.2 !TLSv1.3 | tls.strength.mandatory-protocols: !TLSv1.2 !TLSv1.3: cannot be used: "!TLSv1.2 !TLSv1.3" leaves none
          tls.strength.protocols=>TLSv1.2 | tls.strength.protocols: >TLSv1.2: cannot be used: ">TLSv1.2" is not a version
          tls.strength.mandatory-ciphers=best | tls.strength.mandatory-ciphers: best: cannot be used: "best" is not high or medium
          tls.strength.exclude-ciphers=FOO | tls.strength.exclude-ciphers: FOO: cannot be used: "FOO" names no ciphers
          smtp.dialogue.banner=Hello     | smtp.dialogue.banner: Hello: must start with $myhostname
          smtp.dialogue.banner=$myhostname $x | smtp.dialogue.banner: $myhostname $x: has $myhostname, $mydomain, $mail_name and $$, and no $x
          smtp.dialogue.noop-commands=[a b] | smtp.dialogue.noop-commands: [a b]: must be single words
          smtp.dialogue.recipient-overshoot=-1 | smtp.dialogue.recipient-overshoot: -1: must be 0 or more, was -1
          smtp.dialogue.bare-newline-exempt=[x] | smtp.dialogue.bare-newline-exempt: "x" is not a network
          smtp.discard-ehlo-keywords=[x] | smtp.discard-ehlo-keywords: [x]: has "x", which is not one of pipelining, size, vrfy,
          smtp.forbidden-commands=[a b]  | smtp.forbidden-commands: [a b]: must be single words
          limits.connection-count=-1     | limits.connection-count: -1: must be at least 0
          limits.ipv6-prefix=129         | limits.ipv6-prefix: 129: must be from 1 to 128
          smtp=5                         | smtp: one of its keys was expected: smtp.size-limit
          smtp.timeot=5m                 | smtp.timeot: unknown key; did you mean smtp.timeout?
          no.such.thing=5m               | no: unknown key; known here are hostname
          smtp.timeout                   | smtp.timeout: KEY=VALUE was expected
          domains.own=[a, b              | domains.own: broken YAML:
          """)
  void nonsenseIsRefusedInTheOperatorsWords(String set, String expected) {

    assertThat(problems(set)).hasSize(1).first().asString().startsWith("--set: " + expected);
  }

  @Test
  void theSameKeyTwiceIsAMistake() throws IOException {
    Path file = file("smtp:\n  timeout: 1m\nhostname: a.example\nsmtp:\n  error-limit: 3\n");
    assertThat(problems(file)).containsExactly(file + ":4: smtp: the same key as in line 2");
  }

  @Test
  void brokenYamlIsNamedWithItsLine() throws IOException {
    Path file = file("hostname: mx.example.org\ndelivery:\n  relayhost: [mx.example.net]:587\n");
    assertThat(problems(file)).first().asString().startsWith(file + ":3: broken YAML: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"- a\n- b\n", "just words\n", "a: &x {b: *x}\n", "? [a]\n: b\n", "\u0000"})
  void whatIsNoSettingsFileIsRefusedWithoutAStackTrace(String text) throws IOException {
    Path file = file(text);
    assertThat(problems(file))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).startsWith(file.toString()));
  }

  @Test
  void aListWhereATextIsMeantHintsAtQuotes() throws IOException {
    Path file = file("delivery:\n  relayhost: [mx.example.net]\n");
    assertThat(problems(file))
        .containsExactly(
            file
                + ":2: delivery.relayhost: [mx.example.net]: a next hop such as example.net,"
                + " [mx.example.net] or [192.0.2.1]:2525 was expected (in quotes, if it starts with"
                + " [)");
  }

  @Test
  void aMissingFileIsSaidToBeMissing() {
    Path file = directory.resolve("absent.yaml");
    assertThat(problems(file)).containsExactly(file + ": there is no such file");
  }

  @Test
  void aPasswordIsNeitherShownNorAPlaceholder() throws SettingsProblem {
    Settings settings = read("broker.password=hunter2");
    assertThat(settings.broker().password().text()).isEqualTo("hunter2");
    assertThat(settings.toString()).doesNotContain("hunter2");
    assertThat(SettingsFile.placeholders(settings))
        .doesNotContainKey("broker.password")
        .doesNotContainValue("hunter2");
  }

  @Test
  void routesSeeEveryKeyAsText() throws SettingsProblem {
    assertThat(SettingsFile.placeholders(read("listeners.submission.address=[::1]:587")))
        .containsEntry("listeners.smtp.address", "127.0.0.1:2525")
        .containsEntry("listeners.submission.address", "[::1]:587")
        .containsEntry("listeners.reinjection.enabled", "false")
        .containsEntry("smtp.header-limit", "131072")
        .containsEntry("queue.lanes", "1m,5m,15m,30m,1h,2h,4h")
        .containsEntry("delivery.relayhost", "")
        .containsEntry("data.directory", "var");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null-client", "smarthost", "gateway", "backup-mx"})
  void everyProfileIsGood(String name) throws SettingsProblem {
    read(Path.of("config/profiles", name + ".yaml"));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("my.yaml"), text);
  }

  @Test
  void theContainersSettingsAreGood() throws SettingsProblem {
    read(Path.of("docker/etc/caravan.yaml"));
    read(Path.of("docker/cluster/etc/caravan.yaml"));
  }

  private static Settings read(String... sets) throws SettingsProblem {
    return SettingsFile.read(Optional.empty(), List.of(sets), Optional.empty());
  }

  private static Settings read(Path file) throws SettingsProblem {
    return SettingsFile.read(Optional.of(file), List.of(), Optional.empty());
  }

  private static List<String> problems(String set) {
    return catchThrowableOfType(SettingsProblem.class, () -> read(set)).lines();
  }

  private static List<String> problems(Path file) {
    return catchThrowableOfType(SettingsProblem.class, () -> read(file)).lines();
  }
}
