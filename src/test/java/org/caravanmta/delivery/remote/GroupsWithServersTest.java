package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.peers.ClientHello;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.Identity;
import org.caravanmta.peers.TlsSink;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.tls.client.ClientTlsSettings;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The groups of the key exchange that `delivery.tls.groups` names (RFC 8446 §4.2.7), as servers
/// see them.
class GroupsWithServersTest extends TlsSinksInReach {
  private static Identity rsa;

  private List<String> groups = List.of();

  @BeforeAll
  static void certificate() throws Exception {
    rsa = authority.rsa("groups", HOST);
  }

  @Override
  ClientTlsSettings own() {
    return section().settings(Duration.ofSeconds(30), groups);
  }

  @Test
  void serversSeeThoseGroupsAndNoOthersInTheirOrder() throws Exception {
    groups = List.of("x25519", "secp256r1");
    try (TlsSink sink = sink(Conduct.OFFERS, rsa)) {
      deliver(sink, "encrypt");
      assertThat(sink.hellos())
          .singleElement()
          .extracting(ClientHello::groups)
          .isEqualTo(List.of(ClientHello.X25519, ClientHello.SECP256R1));
      assertThat(sink.taken()).singleElement().returns("TLSv1.3", TlsSink.Taken::protocol);
    }
  }

  @ParameterizedTest
  @CsvSource({"x25519", "secp256r1", "secp384r1"})
  void oneGroupThatTheServerHasIsEnough(String group) throws Exception {
    groups = List.of(group);
    try (TlsSink sink = sink(Conduct.OFFERS, rsa)) {
      deliver(sink.having(group), "verify");
      assertThat(sink.hellos().getFirst().groups()).hasSize(1);
      assertThat(sink.taken()).singleElement().returns("TLSv1.3", TlsSink.Taken::protocol);
    }
  }

  /// The server asks for the second one (RFC 8446 §4.1.4).
  @Test
  void theSecondGroupIsUsedWithAServerThatLacksTheFirst() throws Exception {
    groups = List.of("x25519", "secp384r1");
    try (TlsSink sink = sink(Conduct.OFFERS, rsa)) {
      deliver(sink.having("secp384r1"), "verify");
      assertThat(sink.taken()).singleElement().returns("TLSv1.3", TlsSink.Taken::protocol);
    }
  }

  @Test
  void withoutAGroupInCommonMailWaitsWhereItMustBeInTlsAndElseGoesInTheClear() throws Exception {
    groups = List.of("x25519");
    try (TlsSink sink = sink(Conduct.OFFERS, rsa).having("secp256r1")) {
      assertThat(reason(deliver(sink, "encrypt")))
          .startsWith("4.7.5 Cannot start TLS: handshake failure: mx1.far.example[127.0.0.1]: ");
      assertThat(sink.taken()).isEmpty();
      TaskOutcome clear = deliver(sink, "may");
      assertThat(clear.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
      assertThat(sink.taken()).singleElement().returns("", TlsSink.Taken::protocol);
    }
  }
}
