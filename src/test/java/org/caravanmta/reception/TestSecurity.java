package org.caravanmta.reception;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.reception.session.Security;
import org.caravanmta.sasl.server.FailureLimits;
import org.caravanmta.sasl.server.LoginFailures;
import org.caravanmta.sasl.server.Logins;
import org.caravanmta.sasl.server.SaslSettings;
import org.caravanmta.tls.Certificates;
import org.caravanmta.tls.Ciphers;
import org.caravanmta.tls.Protocols;
import org.caravanmta.tls.Strength;
import org.caravanmta.tls.server.ClientAuthorities;
import org.caravanmta.tls.server.SelfSigned;
import org.caravanmta.tls.server.ServerTls;
import org.caravanmta.tls.server.TlsLevel;

/// The security of a test's server, from its `@` lines: `tls`, `auth`, `plaintext`, `mechanisms`,
/// `failure-limit`, `ask-client-certificate`. The users are ann and bob.
final class TestSecurity {
  private TestSecurity() {}

  public static Security of(Path directory, Map<String, String> changes) throws IOException {
    Optional<ServerTls> tls =
        changes.containsKey("tls") ? Optional.of(tls(directory, changes)) : Optional.empty();
    String auth = changes.getOrDefault("auth", "none");
    Optional<Security.Logins> logins =
        auth.equals("none") ? Optional.empty() : Optional.of(logins(directory, changes, auth));
    return new Security(TlsLevel.of(changes.getOrDefault("tls", "none")), tls, logins);
  }

  /// `certificate` and `keys` name files; without them there is a new one for mx.example.org.
  private static ServerTls tls(Path directory, Map<String, String> changes) throws IOException {
    List<Path> chains;
    List<Path> keys;
    if (changes.containsKey("certificates")) {
      chains = paths(changes.get("certificates"));
      keys = paths(changes.get("keys"));
    } else {
      SelfSigned made = SelfSigned.make("mx.example.org", directory.resolve("tls"), Instant.now());
      chains = List.of(made.certificate());
      keys = List.of(made.key());
    }
    return new ServerTls(
        new Certificates("tls.certificates", chains, keys, InstantSource.system()),
        new Strength(
            Protocols.parse(changes.getOrDefault("tls-protocols", ">=TLSv1.2")),
            Ciphers.of(
                changes.getOrDefault("tls-ciphers", "high"),
                changes.getOrDefault("tls-exclude-ciphers", ""))),
        changes.containsKey("client-authorities"),
        new ClientAuthorities(paths(changes.getOrDefault("client-authorities", ""))),
        Duration.ofSeconds(20));
  }

  private static Security.Logins logins(Path directory, Map<String, String> changes, String auth)
      throws IOException {
    Path users =
        Files.writeString(directory.resolve("users"), "ann:{PLAIN}secret\nbob:{PLAIN}terces\n");
    int limit = Integer.parseInt(changes.getOrDefault("failure-limit", "10"));
    int userLimit = Integer.parseInt(changes.getOrDefault("user-failure-limit", "10"));
    var failures =
        new LoginFailures(
            new FailureLimits(limit, userLimit, Duration.ofMinutes(10), Duration.ZERO),
            () -> Server.NOW);
    return new Security.Logins(
        Logins.of(
            List.of(changes.getOrDefault("mechanisms", "PLAIN LOGIN").split(" ")),
            Optional.of(Logins.file(users, InstantSource.system())),
            new SaslSettings.Oauth(Optional.empty(), Optional.empty(), Optional.empty(), "email"),
            failures,
            InstantSource.system()),
        changes.getOrDefault("plaintext", "no").equals("yes"),
        auth.equals("required"),
        failures);
  }

  private static List<Path> paths(String text) {
    return Stream.of(text.split(" ")).filter(p -> !p.isEmpty()).map(Path::of).toList();
  }
}
