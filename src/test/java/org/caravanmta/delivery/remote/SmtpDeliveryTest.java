package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.CallerSettings;
import org.caravanmta.smtp.client.Letters;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.smtp.client.TestServer;
import org.junit.jupiter.api.Test;

/// What leaves by SMTP, from which address, over which connection.
class SmtpDeliveryTest extends ServersInReach {
  @Test
  void anAddressThatIsOnlyOursLeavesAsAnotherAndTheLogKnowsTheRecipient() {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    generic = generic("inline:{joe@far.example=joe@isp.example, a@far.example=b@far.example}");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(server.commands()).anyMatch(c -> c.startsWith("MAIL FROM:<joe@isp.example>"));
    assertThat(server.received().getFirst().recipients()).containsExactly("b@far.example");
    assertThat(outcome.results().getFirst().recipient().address())
        .isEqualTo(Address.parse("a@far.example"));
  }

  @Test
  void nothingLeavesWhileTheGenericTableCannotBeAsked() {
    generic = generic("fail:generic");
    TaskOutcome outcome = deliver("far.example", Letters.to("a@far.example"));
    assertThat(outcome.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
    assertThat(server.received()).isEmpty();
  }

  @Test
  void whatItsServersDoNotTakeGoesToTheFallback() {
    try (var last = sibling()) {
      fallback = "[127.0.0.2]";
      zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
      server.on("RCPT TO:<busy", "450 4.2.1 later").on("RCPT TO:<gone", "550 5.1.1 nobody");
      deliver("far.example", Letters.to("a@far.example", "busy@far.example", "gone@far.example"));
      assertThat(last.received().getFirst().recipients()).containsExactly("busy@far.example");

      TaskOutcome unknown = deliver("nowhere.example", Letters.to("a@nowhere.example"));
      assertThat(unknown.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);

      // whose answer to the end of data is missing may have it
      server.on(".", TestServer.CLOSE);
      deliver("far.example", Letters.to("b@far.example"));
      assertThat(last.received()).hasSize(2);
      server.close();
      deliver("far.example", Letters.to("c@far.example"));
      assertThat(last.received()).hasSize(3);
    }
    TaskOutcome away = deliver("nowhere.example", Letters.to("a@nowhere.example"));
    assertThat(away.results().getFirst().attempt()).isInstanceOf(Attempt.Deferred.class);
  }

  @Test
  void weCallFromTheAddressAndUnderTheNameThatTheOperatorWants() {
    caller =
        calling(
            Optional.of(InetAddress.ofLiteral("127.0.0.77")),
            Optional.of(InetAddress.ofLiteral("::1")));
    deliver("[127.0.0.1]", Letters.to("a@far.example"));
    assertThat(server.commands()).startsWith("EHLO helo.example");
    assertThat(server.callers()).containsExactly(InetAddress.ofLiteral("127.0.0.77"));
    // an address that is not this machine's keeps no mail back
    caller = calling(Optional.of(InetAddress.ofLiteral("192.0.2.77")), Optional.empty());
    server.disconnect();
    deliver("[127.0.0.1]", Letters.to("a@far.example"));
    assertThat(server.received()).hasSize(2);
    // and a greeting of 5yz is a refusal, if the operator wants it so
    server.disconnect();
    server.greeting("554 5.7.1 not you");
    TaskOutcome refused = deliver("[127.0.0.1]", Letters.to("a@far.example"));
    assertThat(refused.results().getFirst().attempt()).isInstanceOf(Attempt.Failed.class);
  }

  /// Under another name, from these addresses, taking a greeting of 5yz for a refusal.
  private SmtpCaller calling(Optional<InetAddress> four, Optional<InetAddress> six) {
    return new SmtpCaller(
        "relay.example",
        caller.connection(),
        new CallerSettings(
            Optional.of(new Domain("helo.example")),
            four,
            six,
            false,
            false,
            caller.settings().timeouts()));
  }

  @Test
  void theNextMessageGoesOverTheOpenConnectionAndAStaleOneIsReplaced() {
    zones.zone("@ MX 10 mx1\nmx1 A 127.0.0.1");
    deliver("far.example", Letters.to("a@far.example"));
    TaskOutcome second = deliver("far.example", Letters.to("b@far.example"));
    assertThat(server.connections()).isEqualTo(1);
    assertThat(second.results().getFirst().uses()).isEqualTo(2);
    server.on("MAIL", TestServer.CLOSE, "250 Ok");
    TaskOutcome third = deliver("far.example", Letters.to("c@far.example"));
    assertThat(third.results().getFirst().attempt()).isInstanceOf(Attempt.Delivered.class);
    assertThat(third.results().getFirst().uses()).isEqualTo(1);
  }

  @Test
  void aDestinationThatCannotBeReachedIsLeftAloneForAWhile() {
    server.close();
    String connect = "connect to 127.0.0.1[127.0.0.1]:" + server.port() + ": Connection refused";
    for (int i = 0; i < 2; i++) {
      assertThat(reason(deliver("[127.0.0.1]", Letters.to("a@far.example"))).text())
          .isEqualTo(connect);
    }
    assertThat(reason(deliver("[127.0.0.1]", Letters.to("a@far.example"))).text())
        .isEqualTo("delivery temporarily suspended: " + connect);
    now.updateAndGet(t -> t.plus(Duration.ofMinutes(5)));
    assertThat(reason(deliver("[127.0.0.1]", Letters.to("a@far.example"))).text())
        .isEqualTo(connect);
  }

  @Test
  void manyMessagesAtOnceGoOverAsManyConnectionsAsAreAllowed() {
    var outcomes =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> deliver("[127.0.0.1]", Letters.to("u" + i + "@far.example")),
                        Thread::startVirtualThread))
            .toList();
    assertThat(outcomes)
        .allMatch(o -> o.join().results().getFirst().attempt() instanceof Attempt.Delivered);
    assertThat(server.received().stream().flatMap(r -> r.recipients().stream()))
        .hasSize(200)
        .doesNotHaveDuplicates();
    assertThat(server.connections()).isLessThanOrEqualTo(4); // two, a hundred messages each
  }
}
