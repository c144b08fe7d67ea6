package org.caravanmta.tls.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.message.NextHopReader;
import org.caravanmta.tls.client.TlsPolicies.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which row of a policy table a next hop has, and what its names become.
class TlsPoliciesTest {
  private static final String TABLE =
      "inline:{{example.org=encrypt} {.example.org=verify} {[mx.example.org]=secure match=nexthop}"
          + " {[mx.example.org]:587=none} {[mx.example.org]:smtps=dane-only}"
          + " {plain.example:26=encrypt}"
          + " {unix:/run/lmtp=encrypt} {names.example=secure}"
          + " {asked.example=encrypt servername=nexthop}"
          + " {sts.example=secure match=mx.sts.example mx_host_pattern=*.sts.example}}";

  @ParameterizedTest
  @CsvSource({
    "example.org, encrypt@table",
    "EXAMPLE.org, encrypt@table",
    "a.example.org, verify@table",
    "b.a.example.org, verify@table",
    "example.com, may",
    "[mx.example.org], secure@table",
    "[mx.example.org]:587, none@table",
    "[mx.example.org]:submission, none@table",
    "[mx.example.org]:465, dane-only@table",
    "[mx.example.org]:26, may",
    "[a.example.org], may",
    "plain.example:26, encrypt@table",
    "plain.example, may",
    "a.example.org:26, may",
    "unix:/run/lmtp, encrypt@table",
    "unix:/run/other, may"
  })
  void aRowIsFoundByTheNextHopAsItIsWritten(String hop, String shown) {
    assertThat(policy(hop, "mx.any.example").shown(true)).isEqualTo(shown);
  }

  @Test
  void keywordsBecomeNames() {
    assertThat(policy("names.example", "mx.any.example").match())
        .containsExactly("names.example", ".names.example");
    assertThat(policy("a.example.org", "MX.bücher.example").match())
        .containsExactly("mx.xn--bcher-kva.example");
    assertThat(policy("[mx.example.org]", "mx.example.org").match())
        .containsExactly("mx.example.org");
  }

  @Test
  void aNameIsAskedForWhereItMatters() {
    assertThat(policy("asked.example", "mx.any.example").serverName()).hasValue("asked.example");
    assertThat(policy("names.example", "mx.any.example").serverName()).hasValue("mx.any.example");
    assertThat(policy("example.org", "mx.any.example").serverName()).isEmpty();
    assertThat(policy("example.com", "mx.any.example").serverName()).isEmpty();
  }

  @Test
  void aServerThatThePublishedPolicyDoesNotNameIsNotTried() {
    assertThat(answer("sts.example", "mx.sts.example")).isInstanceOf(Answer.Is.class);
    assertThat(answer("sts.example", "mx.evil.example"))
        .isInstanceOfSatisfying(
            Answer.Not.class,
            not -> {
              assertThat(not.reason().status()).hasToString("4.7.5");
              assertThat(not.problem()).hasValue(TlsProblem.VALIDATION_FAILURE);
            });
  }

  @Test
  void aBadValueFromElsewhereDefers() {
    TlsPolicies policies =
        TlsPolicies.open(
            TlsSections.of(SecurityLevel.MAY, Path.of("none"), "fail:down").settings(),
            InstantSource.system());
    assertThat(policies.of(NextHopReader.list("a.example").getFirst(), "mx", SecurityLevel.MAY))
        .isInstanceOfSatisfying(
            Answer.Not.class,
            not ->
                assertThat(not.reason().text()).startsWith("client TLS configuration problem: "));
  }

  @Test
  void aBadRowIsNamedWithItsLine(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("tls"), "a.example may\nb.example encrpt\n");
    assertThatThrownBy(() -> open("texthash:" + file))
        .isInstanceOf(WrongSetting.class)
        .hasMessage(
            "texthash:"
                + file
                + ", line 2: \"encrpt\" is none of none, may, encrypt, dane, dane-only,"
                + " fingerprint, verify, secure");
  }

  private static TlsPolicies open(String table) {
    return TlsPolicies.open(
        TlsSections.of(SecurityLevel.MAY, Path.of("none"), table).settings(),
        InstantSource.system());
  }

  private static Answer answer(String hop, String host) {
    return open(TABLE).of(NextHopReader.list(hop).getFirst(), host, SecurityLevel.MAY);
  }

  private static TlsPolicy policy(String hop, String host) {
    return ((Answer.Is) answer(hop, host)).policy();
  }
}
