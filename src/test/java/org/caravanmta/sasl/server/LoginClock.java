package org.caravanmta.sasl.server;

import static org.caravanmta.sasl.server.People.bytes;
import static org.caravanmta.sasl.server.People.channel;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.policy.HandClock;
import org.junit.jupiter.api.io.TempDir;

/// A clock that the test sets, accounts in files, and clients that try to log in.
abstract class LoginClock {
  @TempDir Path directory;
  final HandClock clock = new HandClock();

  LoginFailures failures(int ofClient, int asUser) {
    return new LoginFailures(
        new FailureLimits(ofClient, asUser, Duration.ofMinutes(10), Duration.ZERO), clock);
  }

  static SaslSettings.Oauth oauth(Optional<Path> keys) {
    return new SaslSettings.Oauth(keys, Optional.empty(), Optional.empty(), "email");
  }

  static LoginFailures.Who from(String client) {
    return LoginFailures.Who.client(InetAddress.ofLiteral(client));
  }

  static LoginStep scram(Accounts accounts, String user, String password) throws Exception {
    return People.scram(
        new Scram(accounts, channel(Map.of()), false, false), "n,,", new byte[0], user, password);
  }

  static String salt(Accounts accounts, String user) {
    var exchange = new Scram(accounts, channel(Map.of()), false, false);
    return People.text(exchange.next(bytes("n,,n=" + user + ",r=abc"))).split(",")[1];
  }

  Accounts file(String lines) throws Exception {
    return Logins.file(Files.writeString(directory.resolve("file"), lines), clock);
  }

  static String keys(String password) {
    ScramKeys keys = ScramKeys.of(password, bytes("saltsaltsaltsalt"), 4096);
    var base64 = java.util.Base64.getEncoder();
    return String.join(
        ",",
        "4096",
        base64.encodeToString(keys.salt()),
        base64.encodeToString(keys.storedKey()),
        base64.encodeToString(keys.serverKey()));
  }
}
