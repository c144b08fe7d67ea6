package org.caravanmta.smtp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.config.Secret;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Reason;
import org.caravanmta.sasl.client.LoginProof;
import org.caravanmta.sasl.client.LoginRules;
import org.caravanmta.sasl.client.LoginTerms;
import org.caravanmta.sasl.client.MechanismFilter;
import org.caravanmta.sasl.client.RemoteLogin;
import org.caravanmta.sasl.client.SecurityOption;
import org.caravanmta.sasl.client.TokenSource;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.tls.client.ChannelSecurity;
import org.caravanmta.tls.client.TlsPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Logins in the clear, where the settings allow it, with a server whose replies a script says.
class AuthStepTest {
  private static final String PASSWORD = "marker:Pa55";
  private static final Bodies NOTHING_STORED =
      stored -> {
        throw new IOException("nothing is stored");
      };

  private final AtomicReference<Instant> now = new AtomicReference<>(Letters.ARRIVED);
  private final InstantSource clock = now::get;
  private final TestServer server = TestServer.start();
  private final SmtpCaller caller =
      new SmtpCaller(
          "relay.example", Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void plainInOneLine() throws Exception {
    server.offering("AUTH LOGIN PLAIN").on("AUTH PLAIN", "235 2.7.0 welcome");
    open(password(terms(true, false))).close();
    assertThat(server.commands())
        .contains("AUTH PLAIN " + base64("\0joe@isp.example\0" + PASSWORD));
  }

  @Test
  void loginInThreeSteps() throws Exception {
    server
        .offering("AUTH=LOGIN")
        .on("AUTH LOGIN", "334 VXNlcm5hbWU6")
        .on(base64("joe@isp.example"), "334 UGFzc3dvcmQ6")
        .on(base64(PASSWORD), "235 2.7.0 welcome");
    open(password(terms(true, false))).close();
    assertThat(server.commands()).contains(base64("joe@isp.example"), base64(PASSWORD));
  }

  /// The example of RFC 2195 §2; in the clear it comes before the password itself.
  @Test
  void cramMd5() throws Exception {
    server
        .offering("AUTH PLAIN CRAM-MD5")
        .on("AUTH CRAM-MD5", "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+")
        .on("dGlt", "235 2.7.0 welcome");
    var login =
        new RemoteLogin(
            "tim", new LoginProof.Password(new Secret("tanstaaftanstaaf")), terms(true, false));
    open(login).close();
    assertThat(server.commands())
        .contains(base64("tim b913a602c7eda7a495b4e6e7334d3890"))
        .noneMatch(line -> line.startsWith("AUTH PLAIN"));
  }

  @Test
  void anInitialResponseThatDoesNotFitIsSentWhenTheServerAsksForIt() throws Exception {
    String token = "t".repeat(2000);
    server
        .offering("AUTH XOAUTH2 OAUTHBEARER")
        .on("AUTH OAUTHBEARER", "334 ")
        .on("bixh", "235 2.7.0 welcome");
    open(new RemoteLogin("joe", new LoginProof.Token(source(token)), terms(true, false))).close();
    String response =
        "n,a=joe,\1host=mx.example\1port=" + server.port() + "\1auth=Bearer " + token + "\1\1";
    assertThat(server.commands()).contains("AUTH OAUTHBEARER", base64(response));
  }

  /// RFC 7628 §3.2.3, and Google's XOAUTH2.
  @ParameterizedTest
  @CsvSource({"OAUTHBEARER, AQ==", "XOAUTH2, ''"})
  void aTokenThatIsRefusedIsReportedOnceTheServerIsHeard(String mechanism, String answered)
      throws Exception {
    server
        .on("EHLO", "250-mx.test\n250 AUTH " + mechanism)
        .on("AUTH " + mechanism, "334 " + base64("{\"status\":\"invalid_token\"}"))
        .on(answered, "535 5.7.8 no");
    TokenSource source = source("tok-marker");
    var refused = refused(new RemoteLogin("joe", new LoginProof.Token(source), terms(true, false)));
    assertThat(refused.reason().text()).contains("said: 535 5.7.8 no");
    assertThat(server.commands()).contains(answered);
    assertThat(source.toString()).isEqualTo("refused: once");
  }

  @Test
  void aRefusedLoginIsDeferredAndNotTriedAgainAtOnce() {
    server.offering("AUTH PLAIN LOGIN").on("AUTH PLAIN", "535 5.7.8 bad credentials");
    LoginTerms terms = terms(true, false);
    var refused = refused(password(terms));
    assertThat(refused.onlyLogin()).isTrue();
    assertThat(refused.reason().status()).hasToString("4.7.8");
    assertThat(refused.reason().text())
        .isEqualTo(
            "SASL authentication failed; server mx.example[127.0.0.1] said: 535 5.7.8 bad"
                + " credentials");
    assertThat(refused(password(terms)).reason()).isEqualTo(refused.reason());
    assertThat(server.commands().stream().filter(line -> line.startsWith("AUTH"))).hasSize(1);
    assertThat(terms.refusal(peer().service(), "joe@isp.example", new Secret("another"))).isEmpty();
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(6)));
    assertThat(terms.refusal(peer().service(), "joe@isp.example", new Secret(PASSWORD))).isEmpty();
    refused(password(terms));
    assertThat(server.commands().stream().filter(line -> line.startsWith("AUTH"))).hasSize(2);
  }

  @Test
  void aTemporaryFailureIsTriedAgainAtOnceAndOneWithoutSoftFails() {
    server.offering("AUTH PLAIN").on("AUTH PLAIN", "454 4.7.0 later", "535 no");
    LoginTerms terms = terms(false, false);
    assertThat(refused(password(terms)).reason().status()).hasToString("4.7.0");
    assertThat(refused(password(terms)).reason().status()).hasToString("5.7.0");
  }

  @Test
  void onlyAMechanismThatIsRefusedLeadsToTheNext() throws Exception {
    server
        .offering("AUTH PLAIN LOGIN")
        .on("AUTH PLAIN", "504 5.5.4 not today")
        .on("AUTH LOGIN", "334 ")
        .on(base64("joe@isp.example"), "334 ")
        .on(base64(PASSWORD), "235 ok");
    open(password(terms(true, false))).close();
    assertThat(server.commands()).contains("AUTH LOGIN");
  }

  /// Some servers repeat what they do not understand.
  @Test
  void noReasonHasThePassword() {
    String line = base64("\0joe@isp.example\0" + PASSWORD);
    server
        .offering("AUTH PLAIN")
        .on("AUTH PLAIN", "535 5.7.8 what is " + line + " or " + PASSWORD + "?");
    Reason reason = refused(password(terms(true, false))).reason();
    assertThat(reason.toString())
        .doesNotContain(PASSWORD, line)
        .contains("what is (secret) or (secret)?");
    assertThat(password(terms(true, false)).toString()).doesNotContain(PASSWORD);
  }

  @ParameterizedTest
  @CsvSource({"334 ***", "334 bm90IHNjcmFt"})
  void aWrongChallengeIsCancelled(String challenge) {
    server.offering("AUTH SCRAM-SHA-256").on("AUTH SCRAM-SHA-256", challenge).on("*", "501 ok");
    assertThat(refused(password(terms(true, false))).reason().status()).hasToString("4.7.0");
    assertThat(server.commands()).contains("*");
  }

  @Test
  void aServerThatAcceptsWithoutProofGetsNoMail() {
    server.offering("AUTH SCRAM-SHA-256").on("AUTH SCRAM-SHA-256", "235 sure");
    assertThat(refused(password(terms(true, false))).reason().text())
        .contains("did not prove that it knows the password");
  }

  @Test
  void nothingIsSentWhereItIsNotSafe() {
    server.offering("AUTH PLAIN SCRAM-SHA-256");
    var terms = new LoginTerms(rules(ChannelSecurity.VERIFIED, true, false), Duration.ZERO, clock);
    Reason reason = refused(password(terms)).reason();
    assertThat(reason.status()).hasToString("4.7.0");
    assertThat(reason.text())
        .isEqualTo(
            "no login at mx.example[127.0.0.1]: the connection is not encrypted"
                + " (delivery.sasl.over: verified)");
    assertThat(server.commands()).noneMatch(line -> line.startsWith("AUTH"));
  }

  @Test
  void mechanismsThatMayNotBeUsedAreNot() {
    server.offering("AUTH PLAIN GSSAPI");
    var rules =
        new LoginRules(
            new MechanismFilter(List.of("!plain", "static:all")),
            Set.of(),
            Set.of(),
            ChannelSecurity.CLEAR,
            false,
            true);
    assertThat(refused(password(new LoginTerms(rules, Duration.ZERO, clock))).reason().text())
        .contains("offers no mechanism that may be used here", "only PLAIN GSSAPI");
    var noPlain =
        new LoginRules(
            new MechanismFilter(List.of()),
            Set.of(SecurityOption.NOPLAINTEXT),
            Set.of(),
            ChannelSecurity.CLEAR,
            false,
            true);
    refused(password(new LoginTerms(noPlain, Duration.ZERO, clock)));
    assertThat(server.commands()).noneMatch(line -> line.startsWith("AUTH"));
  }

  @Test
  void aServerWithoutLoginGetsMailUnlessALoginIsRequired() throws Exception {
    server.on("RCPT TO:<b", "530 5.7.0 Authentication required");
    try (SmtpDialogue dialogue = open(password(terms(true, false)))) {
      Transfer transfer =
          dialogue.transfer(Letters.to("a@ex.example", "b@ex.example"), NOTHING_STORED);
      assertThat(transfer.attempts().get(0)).isInstanceOf(Attempt.Delivered.class);
      // that we did not log in is not b's fault
      assertThat(transfer.attempts().get(1)).isInstanceOf(Attempt.Deferred.class);
    }
    assertThat(refused(password(terms(true, true))).reason().text())
        .contains("offers no login (delivery.sasl.require)");
  }

  @Test
  void aConnectionOfOneLoginIsNotUsedForAnother() throws Exception {
    server.offering("AUTH PLAIN").on("AUTH PLAIN", "235 ok");
    LoginTerms terms = terms(true, false);
    var settings =
        new ConnectionSettings(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMinutes(1),
            0,
            false);
    try (var cache = new ConnectionCache(settings, 5, clock)) {
      cache.keep(open(password(terms)), 100);
      var other = new RemoteLogin("eve", new LoginProof.Password(new Secret("x")), terms);
      var newer =
          new RemoteLogin("joe@isp.example", new LoginProof.Password(new Secret("new")), terms);
      assertThat(cache.take(peer(), Protocol.SMTP, as(other), 100)).isEmpty();
      assertThat(cache.take(peer(), Protocol.SMTP, as(newer), 100)).isEmpty();
      assertThat(cache.take(peer(), Protocol.SMTP, Approach.PLAIN, 100)).isEmpty();
      try (var again = cache.take(peer(), Protocol.SMTP, as(password(terms)), 100).orElseThrow()) {
        assertThat(again.usable()).isTrue();
      }
    }
  }

  private Unreachable refused(RemoteLogin login) {
    return catchThrowableOfType(Unreachable.class, () -> open(login).close());
  }

  private SmtpDialogue open(RemoteLogin login) throws Unreachable {
    return SmtpDialogue.open(peer(), Protocol.SMTP, caller, as(login));
  }

  private static Approach as(RemoteLogin login) {
    return new Approach(TlsPolicy.NONE, false, Optional.of(login), Optional.empty());
  }

  private Peer peer() {
    return new Peer("mx.example", server.address());
  }

  private LoginTerms terms(boolean soft, boolean require) {
    return new LoginTerms(
        rules(ChannelSecurity.CLEAR, soft, require), Duration.ofMinutes(5), clock);
  }

  private static LoginRules rules(ChannelSecurity over, boolean soft, boolean require) {
    return new LoginRules(new MechanismFilter(List.of()), Set.of(), Set.of(), over, require, soft);
  }

  private static RemoteLogin password(LoginTerms terms) {
    return new RemoteLogin("joe@isp.example", new LoginProof.Password(new Secret(PASSWORD)), terms);
  }

  private static TokenSource source(String token) {
    return new TokenSource() {
      private String told = "";

      @Override
      public String name() {
        return "test";
      }

      @Override
      public Answer token() {
        return new Answer.Good(new Secret(token));
      }

      @Override
      public void refused(Secret refused) {
        told = told.isEmpty() && refused.text().equals(token) ? "refused: once" : "wrong";
      }

      @Override
      public String toString() {
        return told;
      }
    };
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
