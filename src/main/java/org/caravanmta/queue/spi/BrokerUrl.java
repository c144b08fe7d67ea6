package org.caravanmta.queue.spi;

import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.api.core.client.ActiveMQClient;
import org.apache.activemq.artemis.api.core.client.ServerLocator;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnectorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;

/// Where a broker is: `tcp://host:61616`, or `(tcp://a:61616,tcp://b:61616)?ha=true`; it may carry
/// parameters of the broker's TLS, and of the client. What it does not say of time is set here, so
/// that a node that hangs or is cut off is given up, and its mail is given to others, within ten
/// seconds, while a pause of two seconds breaks nothing.
public record BrokerUrl(String text) {
  /// A connection over which nothing has come for so long is given up, by the broker as well, which
  /// looks every two seconds.
  static final Duration SILENCE = Duration.ofSeconds(6);

  /// Between two signs of life.
  static final Duration PULSE = Duration.ofSeconds(2);

  /// A machine that does not answer at all.
  static final Duration CONNECT = Duration.ofMillis(1500);

  /// A call that the broker has taken and not answered, as a commit.
  static final Duration CALL = Duration.ofSeconds(4);

  /// Between the brokers of the URL, when the first cannot be reached.
  static final Duration RETRY = Duration.ofMillis(100);

  private static final Pattern PLACE = Pattern.compile("tcp://");

  /// How many brokers it names.
  public int brokers() {
    return (int) PLACE.matcher(text).results().count();
  }

  /// What connections are made by, each anew when it has broken.
  ///
  /// @throws IllegalArgumentException if it is not such a URL
  ServerLocator locator() {
    try {
      ServerLocator locator =
          ActiveMQClient.createServerLocator(text)
              .setReconnectAttempts(0)
              .setInitialConnectAttempts(1)
              .setFailoverAttempts(0);
      if (brokers() > 0) {
        limit(locator);
      }
      return locator;
    } catch (Exception e) {
      throw new IllegalArgumentException("broker.url " + text + ": " + e.getMessage(), e);
    }
  }

  private void limit(ServerLocator locator) {
    if (!says("connectionTTL")) {
      locator.setConnectionTTL(SILENCE.toMillis());
    }
    if (!says("clientFailureCheckPeriod")) {
      locator.setClientFailureCheckPeriod(PULSE.toMillis());
    }
    if (!says("callTimeout")) {
      locator.setCallTimeout(CALL.toMillis());
    }
    if (!says("retryInterval")) {
      locator.setRetryInterval(RETRY.toMillis());
    }
    if (!says("useTopologyForLoadBalancing")) {
      // the addresses that brokers tell each other may lead nowhere from here
      locator.setUseTopologyForLoadBalancing(false);
    }
    for (TransportConfiguration broker : locator.getStaticTransportConfigurations()) {
      if (broker.getFactoryClassName().equals(NettyConnectorFactory.class.getName())) {
        broker
            .getParams()
            .putIfAbsent(TransportConstants.NETTY_CONNECT_TIMEOUT, CONNECT.toMillis());
      }
    }
  }

  private boolean says(String parameter) {
    return Pattern.compile("[?&;]" + Pattern.quote(parameter) + "=").matcher(text).find();
  }
}
