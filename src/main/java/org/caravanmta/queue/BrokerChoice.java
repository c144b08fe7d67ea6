package org.caravanmta.queue;

import java.util.List;
import java.util.Optional;
import org.caravanmta.config.Secret;
import org.caravanmta.config.Size;

/// The section `broker`: which broker holds the queues, the embedded one or another.
///
/// @param prefix what the names of our queues begin with at another
public record BrokerChoice(
    Optional<String> url,
    String user,
    Secret password,
    String prefix,
    List<String> transports,
    Size minDiskFree,
    StompSettings stomp) {
  public BrokerChoice {
    if (url.isPresent() && !url.get().matches("(?s)\\(?tcp://.+")) {
      throw new IllegalArgumentException(
          "url must be tcp://host:61616 or (tcp://a:61616,tcp://b:61616)?ha=true");
    }
    if (url.isPresent() && stomp.address().isPresent()) {
      throw new IllegalArgumentException(
          "url is that of another broker, where programs attach as it lets them: stomp.address must"
              + " be empty");
    }
    if (!prefix.matches("[A-Za-z0-9_.-]*")) {
      throw new IllegalArgumentException(
          "prefix is what names of queues begin with, letters, digits and _ . -, was " + prefix);
    }
    if (!prefix.isEmpty() && url.isEmpty()) {
      throw new IllegalArgumentException(
          "prefix tells our queues from those of others at a broker elsewhere: set broker.url");
    }
    if (!transports.isEmpty() && url.isEmpty()) {
      throw new IllegalArgumentException(
          "transports are on other machines, which needs a broker of their own: set broker.url");
    }
    for (String name : transports) {
      if (!name.matches("(filter\\.)?[A-Za-z0-9_-]+")) {
        throw new IllegalArgumentException(
            "transports are names such as archive, whose queue is delivery.archive, and queues of"
                + " filters such as filter.scan, was "
                + name);
      }
    }
  }

  /// What should be mended, a line each: two brokers that cannot vote.
  public List<String> warnings() {
    return url.filter(at -> at.split("tcp://", -1).length == 3)
        .map(
            at ->
                List.of(
                    "broker.url names two brokers: a replicated pair cannot vote when the network"
                        + " between them is cut, both serve, and mail of one side is lost; give the"
                        + " pair a lock manager on three machines, or use three pairs, or Caravan's"
                        + " own cluster (cluster)"))
        .orElse(List.of());
  }
}
