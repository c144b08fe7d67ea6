package org.caravanmta.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.caravanmta.address.Domain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// `localhost` is in every `/etc/hosts`.
class HostNamesTest {
  private final ZoneServer zones = ZoneServer.start("@ MX 10 mx\nmx A 192.0.2.1\n", "far.example.");
  private final DnsNames dns =
      new Resolver(
          new DnsSettings(List.of(NameServer.parse(zones.address())), Duration.ofSeconds(2)));

  @AfterEach
  void close() {
    zones.close();
  }

  @Test
  void whoeverIsAskedFirstAndKnowsIsHeard() {
    for (boolean machineFirst : new boolean[] {true, false}) {
      var both = new HostNames(dns, true, machineFirst);
      assertThat(both.addresses("mx.far.example")).isEqualTo(dns.addresses("mx.far.example"));
      assertThat(both.addresses("localhost")).isInstanceOf(DnsAnswer.Records.class);
      assertThat(both.addresses("nowhere.far.example")).isInstanceOf(DnsAnswer.None.class);
    }
  }

  @Test
  void whatTheMachineAloneDoesNotKnowMayBeKnownLater() {
    var machine = new HostNames(dns, false, true);
    assertThat(machine.addresses("localhost")).isInstanceOf(DnsAnswer.Records.class);
    assertThat(machine.addresses("nowhere.invalid")).isInstanceOf(DnsAnswer.Unavailable.class);
    assertThat(machine.mailExchanges(new Domain("far.example")))
        .isEqualTo(dns.mailExchanges(new Domain("far.example")));
  }
}
