package org.caravanmta.restriction.reverse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.caravanmta.dns.DnsSettings;
import org.caravanmta.dns.NameServer;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.ZoneServer;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Cases;
import org.caravanmta.policy.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNamesTest {
  private final ZoneServer zone =
      ZoneServer.start(
          """
          1.2.0.192.in-addr.arpa. PTR mx.far.example.
          mx.far.example.         A   192.0.2.1
          2.2.0.192.in-addr.arpa. PTR mx.far.example.
          3.2.0.192.in-addr.arpa. PTR gone.far.example.
          5.2.0.192.in-addr.arpa. PTR 192.0.2.5.
          6.2.0.192.in-addr.arpa. PTR slow.far.example.
          """,
          ".");

  @AfterEach
  void stop() {
    zone.close();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          192.0.2.1, mx.far.example, mx.far.example, VERIFIED
          192.0.2.2, unknown, mx.far.example, FORGED
          192.0.2.3, unknown, gone.far.example, ABSENT
          192.0.2.4, unknown, unknown, ABSENT
          192.0.2.5, unknown, unknown, ABSENT
          192.0.2.6, unknown, slow.far.example, UNAVAILABLE
          """)
  void anAddressPointsToANameThatPointsBack(
      String address, String name, String reverse, String state) {
    zone.fail("slow.far.example");

    Client client = find(true, Cases.stranger(address));

    assertThat(client.name()).isEqualTo(name);
    assertThat(client.reverse().name()).isEqualTo(reverse);
    assertThat(client.reverse().state()).hasToString(state);
  }

  @Test
  void whoIsOursAndWhomNobodyAsksAboutCostsNoQuestion() {
    find(true, Cases.own());
    find(false, Cases.stranger("192.0.2.1"));

    assertThat(zone.questions()).isEmpty();
  }

  private Client find(boolean enabled, Client client) {
    var names =
        new ClientNames(
            enabled,
            new Resolver(
                new DnsSettings(List.of(NameServer.parse(zone.address())), Duration.ofSeconds(2))));
    return names.find(new Case.Connection(client, Verdict.UNDECIDED)).client();
  }
}
