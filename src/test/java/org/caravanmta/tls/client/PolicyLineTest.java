package org.caravanmta.tls.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.caravanmta.message.NextHopReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rows of policy tables as Postfix's manual has them (postfix `smtp_tls_policy_maps`), and rows
/// that make no sense.
class PolicyLineTest {
  private static final String DIGEST = "ab".repeat(32);

  private static final ClientTlsSettings OWN =
      TlsSections.of(SecurityLevel.MAY, Path.of("none")).settings();

  /// The examples of Postfix's `TLS_README` and `postconf(5)`.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "none                                           | none        |",
        "may                                            | may         |",
        "encrypt                                        | encrypt     |",
        "verify                                         | verify      |",
        "secure                                         | secure      |",
        "dane                                           | dane        |",
        "dane-only                                      | dane-only   |",
        "ENCRYPT                                        | encrypt     |",
        "', encrypt ,'                                  | encrypt     |",
        "encrypt protocols=TLSv1.2 ciphers=high         | encrypt     |",
        "encrypt protocols=!SSLv2:!SSLv3 ciphers=high   | encrypt     |",
        "encrypt, ciphers=medium, exclude=3DES:MD5      | encrypt     |",
        "verify match=hostname:nexthop                  | verify      | hostname,nexthop",
        "secure match=example.com:.example.com          | secure      | example.com,.example.com",
        "secure match=a.example match=B.example         | secure      | a.example,b.example",
        "secure match=nexthop:dot-nexthop ciphers=high  | secure      | nexthop,dot-nexthop",
        "may connection_reuse=yes enable_rpk=no         | may         |",
        "none match=nonsense                            | none        |",
        "secure match=mx.example servername=hostname policy_type=sts policy_domain=d.example"
            + " policy_ttl=1 { policy_string = version: STSv1 } mx_host_pattern=mx.example | secure"
            + " | mx.example",
      })
  void isReadAsPostfixReadsIt(String text, String level, String match) {
    PolicyLine line = PolicyLine.parse(text, OWN);
    assertThat(line.level()).hasToString(level);
    assertThat(String.join(",", line.match())).isEqualTo(match == null ? "" : match);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                           | none of none, may, encrypt",
        "' , '                        | none of none, may, encrypt",
        "sometimes                    | \"sometimes\" is none of none, may, encrypt",
        "may match=a.example          | match= is for the levels fingerprint, verify and secure,"
            + " not for may",
        "encrypt match=a.example      | not for encrypt",
        "dane match=a.example         | not for dane",
        "encrypt tafile=/etc/passwd   | tafile= is for the levels verify and secure",
        "secure tafile=/does/not/exist | tafile=/does/not/exist cannot be read",
        "encrypt cipher=high          | \"cipher=high\" is none of match=, ciphers=",
        "encrypt high                 | \"high\" is not of the form NAME=VALUE",
        "encrypt =high                | \"=high\" is not of the form NAME=VALUE",
        "encrypt ciphers=             | \"ciphers=\" has no value",
        "encrypt ciphers=best         | \"best\" is not high or medium",
        "encrypt ciphers=high ciphers=medium | ciphers= is there twice",
        "encrypt protocols=TLSv9      | \"TLSv9\" is not a version",
        "encrypt exclude=FOO          | \"FOO\" names no ciphers",
        "secure match=a..b/c          | \"a..b/c\" is not the name of a host",
        "secure servername=a/b        | \"a/b\" is not the name of a host",
        "encrypt connection_reuse=maybe | connection_reuse=maybe is neither yes nor no",
        "fingerprint                  | the level fingerprint needs match= with a digest",
        "fingerprint match=ab:cd      | \"ab:cd\" is not a digest by sha256, 32 pairs",
      })
  void isRefusedWithWhatWasExpected(String text, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PolicyLine.parse(text, OWN))
        .withMessageContaining(expected);
  }

  @Test
  void digestsMayHaveColonsAndAreSeveral() {
    String colons = DIGEST.toUpperCase(Locale.ROOT).replaceAll("(..)(?!$)", "$1:");
    PolicyLine line =
        PolicyLine.parse(
            "fingerprint match=" + colons + "|" + DIGEST + " match=" + "cd".repeat(32), OWN);
    assertThat(line.match()).containsExactly(DIGEST, DIGEST, "cd".repeat(32));
  }

  @Test
  void theManualsTableIsOne() throws IOException {
    String page = Files.readString(Path.of("src/site/markdown/tls-to-servers.md"));
    List<String> rows = page.split("```\n")[1].lines().toList();
    assertThat(rows).hasSize(6);
    for (String row : rows) {
      String[] words = row.split("\\s+", 2);
      assertThat(NextHopReader.list(words[0].replaceFirst("^\\.", ""))).hasSize(1);
      assertThat(PolicyLine.parse(words[1], OWN).level()).hasToString(words[1].split("\\s")[0]);
    }
  }

  /// What is written is what is read, in whatever order and with whatever between.
  @Property
  void readsWhatIsWritten(
      @ForAll("names") List<String> names,
      @ForAll("gaps") String gap,
      @ForAll boolean reuse,
      @ForAll("name") String asked) {
    String text =
        "secure"
            + gap
            + "servername="
            + asked
            + gap
            + "match="
            + String.join(":", names)
            + gap
            + "connection_reuse="
            + (reuse ? "yes" : "no");
    PolicyLine line = PolicyLine.parse(text, OWN);
    assertThat(line.match()).isEqualTo(names);
    assertThat(line.serverName()).isEqualTo(Optional.of(asked));
    assertThat(line.reuse()).isEqualTo(reuse);
  }

  /// Nonsense is refused, never taken for a weaker policy.
  @Property
  void nothingButALevelIsALevel(@ForAll("words") String word) {
    assertThatIllegalArgumentException().isThrownBy(() -> PolicyLine.parse(word, OWN));
  }

  @Provide
  Arbitrary<List<String>> names() {
    return name().list().ofMinSize(1).ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> name() {
    Arbitrary<String> label = Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1);
    return label
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(labels -> labels.stream().collect(Collectors.joining(".")));
  }

  @Provide
  Arbitrary<String> gaps() {
    return Arbitraries.of(" ", ",", ", ", "  ", "\t");
  }

  @Provide
  Arbitrary<String> words() {
    return Arbitraries.strings()
        .ascii()
        .ofMinLength(1)
        .filter(
            word -> {
              String first = word.replaceFirst("^[\\s,]+", "").split("[\\s,]+", 2)[0];
              return !word.contains("{") && !PolicyLineTest.isLevel(first);
            });
  }

  private static boolean isLevel(String word) {
    return List.of(SecurityLevel.values()).stream()
        .anyMatch(level -> level.toString().equalsIgnoreCase(word));
  }
}
