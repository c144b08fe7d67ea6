package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.caravanmta.delivery.RecipientResult;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.policy.Cases;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.table.SearchPath;
import org.caravanmta.tls.client.SecurityLevel;
import org.junit.jupiter.api.Test;

/// What senders want of TLS (RFC 8689), and which of our addresses a server is called from.
class SenderTermsTest extends PolicyServersInReach {
  /// What this machine has lost is not the fault of a server.
  @Test
  void anAddressOfOursThatIsGoneSuspendsNoDestination() throws Exception {
    sources = sources(pools("a"));
    var destinations = destinations();
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      for (int i = 0; i < 20; i++) {
        assertThat(waits(deliver(sink, mail("ann@none.example"), destinations)))
            .contains("not from 198.51.100.1: Cannot assign requested address");
      }
      sources = sources(pools("b"));
      assertThat(deliver(sink, mail("ann@none.example"), destinations).attempt())
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(sink.callers()).containsExactly("127.0.0.3");
    }
  }

  @Test
  void whatTheSenderWantsOfTlsIsKept() throws Exception {
    Mail plain = mail("ann@none.example");
    Mail secret = plain.with(plain.envelope().with(plain.envelope().parameters().withRequireTls()));
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      RecipientResult result = deliver(sink, secret);
      assertThat(result.attempt())
          .isInstanceOfSatisfying(
              Attempt.Failed.class,
              failed -> assertThat(failed.reason().status()).hasToString("5.7.30"));
      assertThat(result.tls()).isEqualTo("verify@sender");
    }
    try (TlsSink sink = sink(Conduct.OFFERS, stranger)) {
      assertThat(waits(deliver(sink, secret))).startsWith("4.7.5 Server certificate not trusted");
      assertThat(deliver(sink, plain).attempt()).isInstanceOf(Attempt.Delivered.class);
    }
  }

  /// RFC 8689 §3: to arrive matters more to the sender than what the domain publishes.
  @Test
  void aFieldOfTheSendersPutsArrivingFirst() throws Exception {
    try (TlsSink sink = sink(Conduct.NO_TLS, good)) {
      Mail mail = mail("ann@far.example");
      assertThat(waits(deliver(sink, mail))).startsWith("4.7.4");
      Mail urgent = mail.with(mail.headers().prepend(Headers.Field.of("TLS-Required", "No")));
      RecipientResult result = deliver(sink, urgent);
      assertThat(result.attempt()).isInstanceOf(Attempt.Delivered.class);
      assertThat(result.tls()).isEqualTo("may:none@sender");
      level = SecurityLevel.ENCRYPT;
      table = "encrypt";
      assertThat(waits(deliver(sink, urgent))).startsWith("4.7.4");
    }
  }

  /// An address that this machine does not have is passed over.
  @Test
  void serversAreCalledFromTheAddressesOfThePool() throws Exception {
    var own =
        new SourceSettings(
            List.of("a 127.0.0.2*9999 127.0.0.3 helo=bulk.example", "b 198.51.100.1"),
            "a",
            List.of(),
            List.of(),
            1,
            LONG,
            LONG);
    sources = sources(own);
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      assertThat(deliver(sink, mail("ann@none.example")).attempt())
          .isInstanceOf(Attempt.Delivered.class);
      assertThat(sink.callers()).containsExactly("127.0.0.2");
    }
    sources =
        sources(
            new SourceSettings(
                List.of("a 198.51.100.1*9999 127.0.0.3"),
                "a",
                List.of(),
                List.of(),
                1,
                LONG,
                LONG));
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      for (int i = 0; i < 3; i++) {
        assertThat(deliver(sink, mail("ann@none.example")).attempt())
            .isInstanceOf(Attempt.Delivered.class);
      }
      assertThat(sources.suspended()).containsOnlyKeys(InetAddress.ofLiteral("198.51.100.1"));
      assertThat(sink.callers()).containsOnly("127.0.0.3");
    }
    sources =
        sources(
            new SourceSettings(
                List.of("b 198.51.100.1"), "b", List.of(), List.of(), 1, LONG, LONG));
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      assertThat(waits(deliver(sink, mail("ann@none.example"))))
          .contains("not from 198.51.100.1: Cannot assign requested address");
      assertThat(waits(deliver(sink, mail("ann@none.example"))))
          .contains("the pool b is out of order");
      assertThat(sink.sessions()).isZero();
    }
  }

  private static SourceSettings pools(String usual) {
    return new SourceSettings(
        List.of("a 198.51.100.1", "b 198.51.100.1 198.51.100.2 198.51.100.3*9 127.0.0.3"),
        usual,
        List.of(),
        List.of(),
        1000,
        LONG,
        LONG);
  }

  private static Sources sources(SourceSettings own) {
    return new Sources(own, Cases.search("x"), new SearchPath(List.of()), CLOCK);
  }
}
