package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.Test;

/// Servers that are this one: mail does not go round (RFC 5321 §5.1).
class MailForOurselvesTest extends ServersInReach {
  @Test
  void mailIsNotSentToOurselves() {
    listeners.add(server.address());
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().attempt())
        .isEqualTo(
            new Attempt.Failed(Reason.of("5.4.6", "mail for far.example loops back to myself")));
    assertThat(server.connections()).isZero();
  }

  @Test
  void aBackupExchangerSendsOnlyToThoseBetterThanItself() {
    try (var better = sibling()) {
      listeners.add(server.address());
      zones.zone(
          "@ MX 10 mx2\n@ MX 20 mx1\n@ MX 30 mx3\n"
              + "mx1 A 127.0.0.1\nmx2 A 127.0.0.2\nmx3 A 127.0.0.3");
      deliver("far.example", Letters.to("a@far.example"));
      assertThat(better.received()).hasSize(1);
    }
  }

  @Test
  void aServerThatGreetsWithOurNameIsUs() {
    listeners.add(new InetSocketAddress("192.0.2.1", server.port())); // behind a translated address
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    server.greeting("220 Relay.Example ESMTP");
    assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).status().toString())
        .isEqualTo("5.4.6");
    assertThat(server.received()).isEmpty();
  }

  @Test
  void anExchangerWhoseAddressLeadsHereIsUs() {
    listeners.add(new InetSocketAddress("192.0.2.1", server.port()));
    outside.add(InetAddress.ofLiteral("127.0.0.1"));
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    assertThat(reason(deliver("far.example", Letters.to("a@far.example"))).text())
        .isEqualTo("mail for far.example loops back to myself");
    assertThat(server.connections()).isZero();
  }

  @Test
  void aBackupExchangerDoesNotUseTheFallback() {
    try (var last = sibling()) {
      fallback = "[127.0.0.2]";
      listeners.add(server.address());
      zones.zone("@ MX 10 mx9\n@ MX 20 mx1\nmx1 A 127.0.0.1\nmx9 A 127.0.0.9");
      TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
      assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
      assertThat(last.connections()).isZero();
    }
  }
}
