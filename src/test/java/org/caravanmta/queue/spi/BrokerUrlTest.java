package org.caravanmta.queue.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.junit.jupiter.api.Test;

/// What a `broker.url` leaves open is set so that nobody waits long for what hangs.
class BrokerUrlTest {
  @Test
  void whatItDoesNotSayIsOurs() {
    try (ServerLocator locator = new BrokerUrl("(tcp://a:61616,tcp://b:61616)?ha=true").locator()) {
      assertThat(locator.isHA()).isTrue();
      assertThat(locator.getConnectionTTL()).isEqualTo(6000);
      assertThat(locator.getClientFailureCheckPeriod()).isEqualTo(2000);
      assertThat(locator.getCallTimeout()).isEqualTo(4000);
      assertThat(locator.getRetryInterval()).isEqualTo(100);
      assertThat(connectTimeouts(locator)).containsExactly("1500", "1500");
    }
  }

  @Test
  void whatItSaysStands() {
    try (ServerLocator locator =
        new BrokerUrl(
                "(tcp://a:61616?connect-timeout-millis=700,tcp://b:61616)?ha=true"
                    + "&connectionTTL=9000&callTimeout=8000&retryInterval=50"
                    + "&clientFailureCheckPeriod=1000&useTopologyForLoadBalancing=true")
            .locator()) {
      assertThat(locator.getConnectionTTL()).isEqualTo(9000);
      assertThat(locator.getClientFailureCheckPeriod()).isEqualTo(1000);
      assertThat(locator.getCallTimeout()).isEqualTo(8000);
      assertThat(locator.getRetryInterval()).isEqualTo(50);
      assertThat(locator.getUseTopologyForLoadBalancing()).isTrue();
      assertThat(connectTimeouts(locator)).containsExactly("700", "700");
    }
  }

  @Test
  void countsItsBrokers() {
    assertThat(new BrokerUrl("vm://0").brokers()).isZero();
    assertThat(new BrokerUrl("tcp://a:61616").brokers()).isEqualTo(1);
    assertThat(new BrokerUrl("(tcp://a:1,tcp://b:1)").brokers()).isEqualTo(2);
  }

  @Test
  void whatIsNotOneIsRefusedInOneSentence() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BrokerUrl("nonsense://a").locator())
        .withMessageStartingWith("broker.url nonsense://a: ");
  }

  private static String[] connectTimeouts(ServerLocator locator) {
    return Arrays.stream(locator.getStaticTransportConfigurations())
        .map(broker -> String.valueOf(broker.getParams().get("connect-timeout-millis")))
        .toArray(String[]::new);
  }
}
