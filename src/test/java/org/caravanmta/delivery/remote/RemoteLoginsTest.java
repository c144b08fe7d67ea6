package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.address.ReversePath;
import org.caravanmta.config.Secret;
import org.caravanmta.delivery.remote.ServerLogins.Answer;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.NextHopReader;
import org.caravanmta.sasl.client.LoginProof;
import org.caravanmta.sasl.client.LoginRules;
import org.caravanmta.sasl.client.LoginTerms;
import org.caravanmta.sasl.client.MechanismFilter;
import org.caravanmta.sasl.client.RemoteLogin;
import org.caravanmta.sasl.client.TokenSource;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Table;
import org.caravanmta.table.Tables;
import org.caravanmta.table.Trail;
import org.caravanmta.table.Values;
import org.caravanmta.tls.client.ChannelSecurity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemoteLoginsTest {
  private static final String MARKER = "Pa55-marker";

  private final LoginTerms terms =
      new LoginTerms(
          new LoginRules(
              new MechanismFilter(List.of()),
              Set.of(),
              Set.of(),
              ChannelSecurity.VERIFIED,
              false,
              true),
          java.time.Duration.ofMinutes(5),
          InstantSource.system());

  /// As Postfix looks them up: the sender, the server, the next hop as it is written.
  @ParameterizedTest
  @CsvSource({
    "joe@far.example, [mail.isp.example]:587, joe@far.example",
    "joe+x@far.example, [mail.isp.example]:587, joe@far.example",
    "ann@far.example, [mail.isp.example]:587, @far.example",
    "joe@near.example, [mail.isp.example]:587, mail.isp.example",
    "joe@near.example, isp.example, mail.isp.example"
  })
  void theBestKeyDecides(String sender, String hop, String key) {
    var logins =
        logins(
            true,
            "joe@far.example=u1:a",
            "@far.example=u2:b",
            "mail.isp.example=u3:c",
            "[mail.isp.example]:587=u4:d",
            "isp.example=u5:e");
    String user =
        Map.of("joe@far.example", "u1", "@far.example", "u2", "mail.isp.example", "u3").get(key);
    assertThat(found(logins, sender, hop)).map(RemoteLogin::user).contains(user);
  }

  @ParameterizedTest
  @CsvSource({
    "[mail.isp.example]:587, [mail.isp.example]:587",
    "[mail.isp.example]:587, [mail.isp.example]:submission",
    "[mail.isp.example]:submission, [mail.isp.example]:587",
    "[mail.isp.example], [mail.isp.example]",
    "isp.example:587, isp.example:587",
    "isp.example, isp.example",
    "isp.example, ISP.example"
  })
  void aNextHopIsFoundAsItIsWritten(String hop, String key) {
    assertThat(found(logins(false, key + "=user:pw"), "joe@far.example", hop)).isPresent();
  }

  /// As in Postfix: no key stands for another port, or for the domain without brackets.
  @ParameterizedTest
  @CsvSource({
    "[mail.isp.example]:587, [mail.isp.example]:25",
    "[mail.isp.example]:587, [mail.isp.example]",
    "isp.example, .example",
    "isp.example, [isp.example]"
  })
  void andNotOtherwise(String hop, String key) {
    assertThat(found(logins(false, key + "=user:pw"), "joe@far.example", hop)).isEmpty();
  }

  /// Anybody may be the mail exchanger of a domain that somebody writes to.
  @Test
  void aSendersLoginIsNotShownToTheRecipientsOwnServers() {
    var logins = logins(true, "joe@far.example=user:pw");
    assertThat(found(logins, "joe@far.example", "ex.example")).isEmpty();
    assertThat(found(logins, "joe@far.example", "isp.example")).isPresent();
    assertThat(at(logins.by(Protocol.LMTP), "joe@far.example", "isp.example"))
        .isEqualTo(new Answer.As(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"user:pw, user, pw", "user:, user, ''", "user, user, ''", "user:a:b, user, a:b"})
  void values(String value, String user, String password) {
    assertThat(PasswordEntry.parse(value))
        .isEqualTo(new PasswordEntry.WithPassword(user, new Secret(password)));
  }

  @Test
  void aTokenIsNamed() {
    assertThat(PasswordEntry.parse("joe@isp:{oauth2}work"))
        .isEqualTo(new PasswordEntry.WithToken("joe@isp", "work"));
    assertThatThrownBy(() -> logins(false, "isp.example=joe:{oauth2}other"))
        .hasMessageContaining(
            "expected {oauth2} and a name of delivery.sasl.tokens, which has work")
        .hasMessageNotContaining("joe");
    assertThat(found(logins(false, "isp.example=joe:{oauth2}work"), "a@b.example", "isp.example"))
        .map(RemoteLogin::proof)
        .containsInstanceOf(LoginProof.Token.class);
  }

  @Test
  void aTableThatCannotBeAskedDefers() {
    var logins =
        new RemoteLogins(
            new SearchPath(List.of(Tables.open("fail:x"))), Optional.empty(), tokens(), terms);
    assertThat(at(logins.by(Protocol.SMTP), "a@b.example", "isp.example"))
        .isInstanceOf(Answer.Not.class);
  }

  @Test
  void nobodySeesWhatWasFound() {
    var logins = logins(false, "isp.example=user:" + MARKER);
    var followed = Trail.follow(() -> at(logins.by(Protocol.SMTP), "a@b.example", "isp.example"));
    assertThat(followed.entries()).isEmpty();
    assertThat(followed.result().toString()).contains("user").doesNotContain(MARKER);
  }

  @Test
  void mistakesInATableAreSaidWithoutIt(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("sasl"), "isp.example:" + MARKER + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    for (String name :
        List.of(
            "texthash:" + file,
            "regexp:" + file,
            "inline:{" + MARKER + "}",
            "inline:{{x=" + MARKER + "}",
            "static:" + MARKER)) {
      var values =
          Values.secret(
              Values.strict(
                  value -> {
                    throw new IllegalArgumentException("expected user:password");
                  }));
      assertThatThrownBy(() -> Tables.open(name, InstantSource.system(), values))
          .as(name)
          .hasMessageContaining("expected")
          .hasMessageNotContaining(MARKER);
    }
  }

  @Test
  void aTableThatEverybodyCanReadIsRefused(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("sasl"), "isp.example user:pw\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(
            () ->
                Tables.open("texthash:" + file, InstantSource.system(), Values.secret(Values.ANY)))
        .hasMessage(
            "texthash:"
                + file
                + ": everybody can read the passwords in it, its mode is rw-r--r--; 0600 or 0640"
                + " was expected: chmod o-rwx");
  }

  private RemoteLogins logins(boolean bySender, String... entries) {
    var names = String.join("}, {", entries);
    var path = new SearchPath(List.of(table("inline:{{" + names + "}}")));
    return new RemoteLogins(
        path,
        bySender
            ? Optional.of(new AddressSearch(path, new Extensions("+"), _ -> false))
            : Optional.empty(),
        tokens(),
        terms);
  }

  private static Table table(String name) {
    return Tables.open(name, InstantSource.system(), RemoteLogins.values(tokens()));
  }

  private static Map<String, TokenSource> tokens() {
    return Map.of(
        "work",
        new TokenSource() {
          @Override
          public String name() {
            return "work";
          }

          @Override
          public Answer token() {
            return new Answer.Good(new Secret("token"));
          }

          @Override
          public void refused(Secret token) {}
        });
  }

  private static Optional<RemoteLogin> found(RemoteLogins logins, String sender, String hop) {
    return ((Answer.As) at(logins.by(Protocol.SMTP), sender, hop)).login();
  }

  private static Answer at(ServerLogins logins, String sender, String hop) {
    NextHop next = NextHopReader.list(hop).getFirst();
    Mail letter = Letters.to("ann@ex.example");
    Mail mail = letter.with(letter.envelope().with(ReversePath.parse(sender)));
    return logins.at(
        mail,
        next,
        new Peer(
            "mail.isp.example", new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 587)));
  }
}
