package org.caravanmta.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.config.Secret;
import org.junit.jupiter.api.Test;

/// What is said of settings with which a cluster runs, but not as one should.
class ClusterSettingsTest {
  private static final String SECRET = "known to nobody else";

  private static List<String> warnings(String address, String secret, String... locks) {
    return new ClusterSettings(
            Optional.of("n1"),
            "caravan",
            Optional.of(HostPort.parse(address)),
            new Secret(secret),
            Stream.of(locks).map(HostPort::parse).toList(),
            Optional.of(locks[0]),
            Duration.ofSeconds(4),
            2,
            ClusterSettings.WithoutCopy.REFUSE,
            true)
        .warnings();
  }

  @Test
  void threePeersOnThreeMachinesAreWell() {
    assertThat(warnings("192.0.2.1:2530", SECRET, "192.0.2.1:1", "192.0.2.2:1", "[2001:db8::3]:1"))
        .isEmpty();
  }

  @Test
  void onePeerIsOneTooFew() {
    assertThat(warnings("192.0.2.1:2530", SECRET, "192.0.2.1:2181"))
        .singleElement()
        .asString()
        .startsWith("cluster.locks has one peer: while it is down, no node delivers");
  }

  @Test
  void mostPeersOnOneMachineAreNoBetterThanOne() {
    assertThat(
            warnings(
                "192.0.2.1:2530", SECRET, "192.0.2.1:2181", "192.0.2.2:2181", "192.0.2.1:3181"))
        .containsExactly(
            "cluster.locks has 2 of 3 peers at 192.0.2.1: when that machine is away, no node"
                + " delivers");
    // a cluster for trying out
    assertThat(
            warnings(
                "127.0.0.1:2530", SECRET, "127.0.0.1:2181", "127.0.0.1:3181", "127.0.0.1:4181"))
        .isEmpty();
  }

  @Test
  void aSecretThatEverybodyKnowsIsNone() {
    assertThat(
            warnings(
                "192.0.2.1:2530",
                "a long secret that only the nodes know",
                "192.0.2.1:1",
                "192.0.2.2:1",
                "192.0.2.3:1"))
        .singleElement()
        .asString()
        .startsWith("cluster.secret is the one of an example");
  }

  @Test
  void aNameThatThisMachineTakesForItsLoopbackReachesNobody() {
    // as a name of its own would be that /etc/hosts has at 127.0.1.1
    assertThat(warnings("LOCALHOST:2530", SECRET, "LOCALHOST:2181", "192.0.2.2:1", "192.0.2.3:1"))
        .containsExactly(
            "cluster.address: this machine takes LOCALHOST for its loopback (/etc/hosts?): no other"
                + " reaches it there",
            "cluster.lock-peer: this machine takes LOCALHOST for its loopback (/etc/hosts?): no"
                + " other reaches it there");
    assertThat(HostPort.parse("localhost:1").isNameOfLoopback()).isFalse();
    assertThat(HostPort.parse("127.0.0.1:1").isNameOfLoopback()).isFalse();
    assertThat(HostPort.parse("[::1]:1").isNameOfLoopback()).isFalse();
    assertThat(HostPort.parse("nowhere.invalid:1").isNameOfLoopback()).isFalse();
  }
}
