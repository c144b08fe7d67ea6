package org.caravanmta.sasl.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.caravanmta.sasl.server.People.BINDINGS;
import static org.caravanmta.sasl.server.People.bytes;
import static org.caravanmta.sasl.server.People.channel;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.config.Secret;
import org.junit.jupiter.api.Test;

/// Who may log in, by each mechanism and each place where passwords are.
class LoginsTest extends LoginClock {
  private static final List<String> ALL =
      List.of("PLAIN", "LOGIN", Scram.NAME, Scram.PLUS, Bearer.NAME, Bearer.OLD_NAME);

  @Test
  void scramProvesThePasswordOnBothSides() throws Exception {
    Accounts accounts = file("ann:{PLAIN}pencil\nbob:{SCRAM-SHA-256}" + keys("terces") + "\n");

    assertThat(scram(accounts, "ann", "pencil")).isEqualTo(new LoginStep.Success("ann"));
    assertThat(scram(accounts, "bob", "terces")).isEqualTo(new LoginStep.Success("bob"));
    assertThat(scram(accounts, "bob", "secret")).isInstanceOf(LoginStep.Failure.class);
    assertThat(scram(accounts, "zed", "pencil")).isInstanceOf(LoginStep.Failure.class);
  }

  @Test
  void aUserWhoDoesNotExistHasTheSameSaltEachTime() throws Exception {
    Accounts accounts = file("ann:{PLAIN}pencil\n");

    assertThat(salt(accounts, "zed")).isEqualTo(salt(accounts, "zed"));
    assertThat(salt(accounts, "zed")).isNotEqualTo(salt(accounts, "zoe"));
  }

  @Test
  void scramPlusIsBoundToItsChannel() throws Exception {
    Accounts accounts = file("ann:{PLAIN}pencil\n");
    byte[] right = BINDINGS.get("tls-exporter");

    assertThat(plus(accounts, "p=tls-exporter,,", right)).isEqualTo(new LoginStep.Success("ann"));
    // somebody in between has another channel to us than the client has to them
    assertThat(plus(accounts, "p=tls-exporter,,", new byte[] {9, 9, 9}))
        .isEqualTo(new LoginStep.Failure("bound to another channel", "ann"));
    assertThat(plus(accounts, "p=tls-unique,,", right)).isInstanceOf(LoginStep.Failure.class);
    assertThat(plus(accounts, "n,,", new byte[0])).isInstanceOf(LoginStep.Failure.class);
    // and has taken -PLUS out of what we offered
    assertThat(
            People.scram(
                new Scram(accounts, channel(BINDINGS), false, true),
                "y,,",
                new byte[0],
                "ann",
                "pencil"))
        .isEqualTo(new LoginStep.Failure("channel binding was offered, and taken away", ""));
  }

  @Test
  void aTokenIsAsGoodAsItsSignatureItsTimeAndItsClaims() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    ECKey other = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    Path jwks =
        Files.writeString(directory.resolve("jwks.json"), new JWKSet(key.toPublicJWK()).toString());
    var tokens =
        new BearerTokens(
            jwks,
            new SaslSettings.Oauth(
                Optional.of(jwks), Optional.of("https://id.example"), Optional.of("smtp"), "email"),
            clock);
    JWTClaimsSet good = claims(Duration.ofMinutes(5)).build();

    assertThat(tokens.check(signed(key, good), ""))
        .isEqualTo(new CredentialCheck.Right("ann@example.org"));
    assertThat(tokens.check(signed(key, good), "bob@example.org"))
        .isInstanceOf(CredentialCheck.Wrong.class);
    assertThat(tokens.check(signed(other, good), "")).isInstanceOf(CredentialCheck.Wrong.class);
    assertThat(tokens.check("no.such.token", "")).isInstanceOf(CredentialCheck.Wrong.class);
    for (JWTClaimsSet bad :
        List.of(
            claims(Duration.ofMinutes(-5)).build(),
            claims(Duration.ofMinutes(5)).issuer("https://eve.example").build(),
            claims(Duration.ofMinutes(5)).audience("imap").build(),
            claims(Duration.ofMinutes(5)).claim("email", null).build(),
            claims(Duration.ofMinutes(5)).expirationTime(null).build())) {
      assertThat(tokens.check(signed(key, bad), "")).isInstanceOf(CredentialCheck.Wrong.class);
    }
    // the public key as if it were a secret
    var forged = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), good);
    forged.sign(new MACSigner(key.toPublicJWK().toString().getBytes()));
    assertThat(tokens.check(forged.serialize(), "")).isInstanceOf(CredentialCheck.Wrong.class);

    Files.delete(jwks);
    assertThat(tokens.check(signed(key, good), "")).isInstanceOf(CredentialCheck.Unavailable.class);
  }

  @Test
  void bearerMechanismsSayInAChallengeWhatIsWrong() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    Path jwks =
        Files.writeString(directory.resolve("jwks.json"), new JWKSet(key.toPublicJWK()).toString());
    var tokens = new BearerTokens(jwks, oauth(Optional.of(jwks)), clock);
    String token = signed(key, claims(Duration.ofMinutes(5)).build());

    assertThat(
            new Bearer(tokens, false)
                .next(bytes("n,a=ann@example.org,\1host=mx\1auth=Bearer " + token + "\1\1")))
        .isEqualTo(new LoginStep.Success("ann@example.org"));
    assertThat(
            new Bearer(tokens, true)
                .next(bytes("user=ann@example.org\1auth=Bearer " + token + "\1\1")))
        .isEqualTo(new LoginStep.Success("ann@example.org"));
    var refused = new Bearer(tokens, false);
    assertThat(People.text(refused.next(bytes("n,,\1auth=Bearer x.y.z\1\1"))))
        .isEqualTo("{\"status\":\"invalid_token\"}");
    assertThat(refused.next(bytes("\1"))).isInstanceOf(LoginStep.Failure.class);
    for (String malformed :
        List.of(
            "nonsense",
            "n,,\1auth=Bearer " + token,
            "n,,\1auth=Bearer x\1auth=Bearer " + token + "\1\1",
            "p=x,,\1auth=Bearer " + token + "\1\1",
            "n,,\1auth=Basic " + token + "\1\1")) {
      assertThat(new Bearer(tokens, false).next(bytes(malformed)))
          .as(malformed)
          .isInstanceOf(LoginStep.Failure.class);
    }
    assertThat(new Bearer(tokens, true).next(bytes("nonsense")))
        .isInstanceOf(LoginStep.Failure.class);
  }

  @Test
  void usersInAFileAreReadAgainAndABrokenFileIsNot() throws Exception {
    Path users = Files.writeString(directory.resolve("users"), "# us\nann:{PLAIN}a:b\n\n");
    Accounts accounts = Logins.file(users, clock);
    assertThat(accounts.check("ann", "a:b")).isEqualTo(new CredentialCheck.Right("ann"));
    assertThat(accounts.check("ann", "")).isInstanceOf(CredentialCheck.Wrong.class);
    assertThat(accounts.check("zed", "a:b")).isInstanceOf(CredentialCheck.Wrong.class);

    replace(users, "bob:{PLAIN}new:x:y\n");
    assertThat(accounts.check("bob", "new:x:y")).isEqualTo(new CredentialCheck.Right("bob"));

    replace(users, "ann:{NONSENSE}abc\n");
    assertThat(accounts.check("bob", "new:x:y")).isEqualTo(new CredentialCheck.Right("bob"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Logins.file(users, clock))
        .withMessageContaining("users:1: {NONSENSE} is not a known scheme");
  }

  @Test
  void usersInADatabase() throws Exception {
    String url = "jdbc:h2:mem:users;DB_CLOSE_DELAY=-1";
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE users (name VARCHAR PRIMARY KEY, password VARCHAR)");
      statement.execute("INSERT INTO users VALUES ('ann', '{PLAIN}pencil'), ('bob', '{MD5}x')");
    }
    String query = "SELECT password FROM users WHERE name = ?";
    try (Accounts accounts = Logins.database(url, "", "", query)) {
      assertThat(accounts.check("ann", "pencil")).isEqualTo(new CredentialCheck.Right("ann"));
      assertThat(accounts.check("ann", "x")).isInstanceOf(CredentialCheck.Wrong.class);
      assertThat(accounts.check("' OR 1=1 --", "pencil")).isInstanceOf(CredentialCheck.Wrong.class);
      // not known here, so nobody can say
      assertThat(accounts.check("bob", "x")).isInstanceOf(CredentialCheck.Unavailable.class);
    }
    try (Accounts accounts = Logins.database(url, "", "", "SELECT nothing FROM users WHERE x=?")) {
      assertThat(accounts.check("ann", "pencil")).isInstanceOf(CredentialCheck.Unavailable.class);
      assertThat(accounts.keys("ann")).isInstanceOf(Accounts.Keys.Unavailable.class);
    }
  }

  @Test
  void usersInADirectory() throws Exception {
    var config = new InMemoryDirectoryServerConfig("dc=example,dc=org");
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig("test", InetAddress.getLoopbackAddress(), 0, null));
    var server = new InMemoryDirectoryServer(config);
    server.add("dn: dc=example,dc=org", "objectClass: domain", "dc: example");
    server.add("dn: ou=people,dc=example,dc=org", "objectClass: organizationalUnit", "ou: people");
    server.add(
        "dn: uid=ann,ou=people,dc=example,dc=org",
        "objectClass: inetOrgPerson",
        "uid: ann",
        "cn: Ann",
        "sn: A",
        "userPassword: pencil");
    server.startListening();
    Accounts accounts =
        Logins.directory(
            "ldap://127.0.0.1:" + server.getListenPort(), "uid=%u,ou=people,dc=example,dc=org");

    assertThat(accounts.check("ann", "pencil")).isEqualTo(new CredentialCheck.Right("ann"));
    assertThat(accounts.check("ann", "x")).isInstanceOf(CredentialCheck.Wrong.class);
    assertThat(accounts.check("zed", "x")).isInstanceOf(CredentialCheck.Wrong.class);
    // a bind without password is anonymous, and succeeds
    assertThat(accounts.check("ann", "")).isInstanceOf(CredentialCheck.Wrong.class);
    assertThat(accounts.check("ann,ou=people", "pencil")).isInstanceOf(CredentialCheck.Wrong.class);

    server.shutDown(true);
    assertThat(accounts.check("ann", "pencil")).isInstanceOf(CredentialCheck.Unavailable.class);
  }

  @Test
  void whatCannotBeDoneIsRefusedAtTheStart() {
    var limits = new FailureLimits(2, 2, Duration.ofMinutes(10), Duration.ZERO);
    var ldap = new SaslSettings.Ldap(Optional.of("ldap://127.0.0.1"), "uid=%u");
    var jdbc = new SaslSettings.Jdbc(Optional.empty(), "", new Secret(""), "SELECT ?");
    for (String mechanism : List.of(Scram.NAME, Bearer.NAME, "CRAM-MD5")) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new SaslSettings(
                      List.of(mechanism),
                      false,
                      Optional.empty(),
                      Optional.empty(),
                      jdbc,
                      ldap,
                      oauth(Optional.empty()),
                      limits))
          .withMessageStartingWith("mechanisms " + mechanism);
    }
  }

  @Test
  void plusIsOfferedWhereThereIsAChannelToBindTo() throws Exception {
    Path jwks = Files.writeString(directory.resolve("jwks.json"), "{\"keys\":[]}");
    var logins =
        Logins.of(
            ALL,
            Optional.of(file("ann:{PLAIN}pencil\n")),
            oauth(Optional.of(jwks)),
            failures(2, 2),
            clock);

    assertThat(logins.mechanisms(channel(BINDINGS))).isEqualTo(ALL);
    assertThat(logins.mechanisms(channel(Map.of()))).doesNotContain(Scram.PLUS).hasSize(5);
    assertThat(logins.begin(Scram.PLUS, channel(Map.of()))).isEmpty();
  }

  private static LoginStep plus(Accounts accounts, String header, byte[] binding) throws Exception {
    return People.scram(
        new Scram(accounts, channel(BINDINGS), true, true), header, binding, "ann", "pencil");
  }

  /// Some file systems count the time of a change in whole seconds.
  private void replace(Path file, String lines) throws Exception {
    Files.writeString(file, lines);
    clock.turn(Duration.ofSeconds(2));
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
  }

  private JWTClaimsSet.Builder claims(Duration left) {
    Instant end = clock.instant().plus(left);
    return new JWTClaimsSet.Builder()
        .issuer("https://id.example")
        .audience("smtp")
        .claim("email", "ann@example.org")
        .expirationTime(Date.from(end));
  }

  private static String signed(ECKey key, JWTClaimsSet claims) throws Exception {
    var token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
    token.sign(new ECDSASigner(key));
    return token.serialize();
  }
}
