package org.caravanmta.queue;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.caravanmta.config.Secret;

/// The section `broker.stomp`: where content filters of the kind `queue`, programs in any language,
/// attach to the embedded broker (STOMP 1.2). They see the questions of their own queues, and
/// nothing else.
///
/// @param address absent for nowhere
/// @param user whom they log in as
/// @param password his
public record StompSettings(Optional<InetSocketAddress> address, String user, Secret password) {
  public StompSettings {
    if (address.isPresent() && (user.isEmpty() || password.text().isEmpty())) {
      throw new IllegalArgumentException(
          "address is for programs that log in: user and password must be set");
    }
  }
}
