package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.caravanmta.address.Domain;
import org.caravanmta.dns.DnsNames.MailExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResolverTest {
  private final ZoneServer server =
      ZoneServer.start(
          """
          @        300 MX 20 mx2
          @        300 MX 10 mx1
          mx1      300 A 192.0.2.1
          mx1      300 AAAA 2001:db8::1
          mx2      300 A 192.0.2.2
          nullmx   MX 0 .
          alias    CNAME elsewhere.example.
          elsewhere.example. MX 5 mx1
          dangling CNAME nothing
          words    TXT "v=spf1 " "-all"
          1.2.0.192.in-addr.arpa. PTR mx1
          """,
          "mail.example.");
  private final Resolver resolver =
      new Resolver(
          new DnsSettings(List.of(NameServer.parse(server.address())), Duration.ofSeconds(4)));

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void mailExchangersComeInTheOrderOfTheirPreference() {
    assertThat(resolver.mailExchanges(new Domain("Mail.Example")))
        .isEqualTo(
            new DnsAnswer.Records<>(
                List.of(
                    new MailExchange(10, "mx1.mail.example"),
                    new MailExchange(20, "mx2.mail.example"))));
  }

  @Test
  void aNullMxIsOneRecordWithoutAHost() {
    assertThat(resolver.mailExchanges(new Domain("nullmx.mail.example")))
        .isEqualTo(new DnsAnswer.Records<>(List.of(new MailExchange(0, ""))));
  }

  @Test
  void anAliasIsFollowed() {
    assertThat(resolver.mailExchanges(new Domain("alias.mail.example")))
        .isEqualTo(new DnsAnswer.Records<>(List.of(new MailExchange(5, "mx1.mail.example"))));
  }

  @Test
  void aNameServerThatDoesNotRunIsNamedAsThat() {
    server.close();
    assertThat(resolver.addresses("mx1.mail.example"))
        .isInstanceOfSatisfying(
            DnsAnswer.Unavailable.class,
            it -> assertThat(it.toString()).doesNotContain("null").contains("cannot be reached"));
  }

  @Test
  void aQuestionThatIsLostIsAskedAgain() {
    server.lose(2);
    var hurried =
        new Resolver(
            new DnsSettings(List.of(NameServer.parse(server.address())), Duration.ofMillis(900)));
    assertThat(hurried.addresses("mx2.mail.example"))
        .isEqualTo(new DnsAnswer.Records<>(List.of(InetAddress.ofLiteral("192.0.2.2"))));
  }

  @Test
  void theNextServerIsAskedWhileOthersGetTheirAnswers() throws InterruptedException {
    try (var silent = ZoneServer.start("mail.example. MX 5 mx1", "mail.example.")) {
      silent.silence();
      var both =
          new Resolver(
              new DnsSettings(
                  Stream.of(silent.address(), server.address()).map(NameServer::parse).toList(),
                  Duration.ofSeconds(4)));
      var over = new AtomicBoolean();
      Thread busy =
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; !over.get(); i++) {
                  resolver.text("nobody" + i + ".mail.example");
                }
              });
      assertThat(both.pointers(InetAddress.ofLiteral("192.0.2.1")))
          .isEqualTo(new DnsAnswer.Records<>(List.of("mx1.mail.example")));
      over.set(true);
      busy.join();
    }
  }

  @Test
  void ipv4AddressesComeFirst() {
    assertThat(resolver.addresses("mx1.mail.example"))
        .isEqualTo(
            new DnsAnswer.Records<>(
                List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"))));
  }

  @Test
  void aNameWithoutSuchRecordsAndANameThatIsNotThereAreBothNone() {
    assertThat(resolver.mailExchanges(new Domain("mx1.mail.example")))
        .isEqualTo(new DnsAnswer.None<>());
    assertThat(resolver.addresses("nobody.mail.example")).isEqualTo(new DnsAnswer.None<>());
    assertThat(resolver.addresses("dangling.mail.example")).isEqualTo(new DnsAnswer.None<>());
    assertThat(resolver.addresses("x".repeat(64) + ".example")).isEqualTo(new DnsAnswer.None<>());
    assertThat(resolver.addresses("a..b")).isEqualTo(new DnsAnswer.None<>());
  }

  @Test
  void textAndPointersAreRead() {
    assertThat(resolver.text("words.mail.example"))
        .isEqualTo(new DnsAnswer.Records<>(List.of("v=spf1 -all")));
    assertThat(resolver.pointers(InetAddress.ofLiteral("192.0.2.1")))
        .isEqualTo(new DnsAnswer.Records<>(List.of("mx1.mail.example")));
  }

  @Test
  void aServerThatFailsOrIsSilentIsNeverNoSuchName() {
    server.fail();
    assertThat(resolver.mailExchanges(new Domain("other.example")))
        .isInstanceOf(DnsAnswer.Unavailable.class);
    server.silence();
    assertThat(
            new Resolver(
                    new DnsSettings(
                        List.of(NameServer.parse(server.address())), Duration.ofMillis(200)))
                .addresses("x.example"))
        .isInstanceOf(DnsAnswer.Unavailable.class);
  }

  @Test
  void anAnswerIsRememberedForItsTimeToLive() {
    resolver.mailExchanges(new Domain("mail.example"));
    resolver.mailExchanges(new Domain("mail.example"));
    assertThat(server.questions()).containsOnlyOnce("mail.example MX");
  }

  @Test
  void literalsAndLocalhostNeedNoQuestion() {
    assertThat(resolver.addresses("[192.0.2.9]"))
        .isEqualTo(new DnsAnswer.Records<>(List.of(InetAddress.ofLiteral("192.0.2.9"))));
    assertThat(resolver.addresses("[IPv6:2001:db8::9]"))
        .isEqualTo(new DnsAnswer.Records<>(List.of(InetAddress.ofLiteral("2001:db8::9"))));
    assertThat(resolver.addresses("localhost")).isInstanceOf(DnsAnswer.Records.class);
    assertThat(server.questions()).isEmpty();
  }

  @Test
  void aServerIsAnAddress() {
    assertThatThrownBy(
            () ->
                new Resolver(
                    new DnsSettings(
                        List.of(NameServer.parse("dns.example")), Duration.ofSeconds(1))))
        .hasMessageContaining("\"dns.example\" is not a name server such as 192.0.2.53");
    assertThat(
            new Resolver(
                new DnsSettings(
                    Stream.of("[::1]:53", "::1", "127.0.0.1").map(NameServer::parse).toList(),
                    Duration.ofSeconds(1))))
        .isNotNull();
  }
}
