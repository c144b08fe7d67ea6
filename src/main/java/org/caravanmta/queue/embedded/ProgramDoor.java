package org.caravanmta.queue.embedded;

import java.net.InetSocketAddress;
import org.caravanmta.address.Literals;

/// Where programs that answer questions attach to the broker in this process, over STOMP.
///
/// @param user whom they log in as
public record ProgramDoor(InetSocketAddress address, String user, String password) {
  /// As the broker's configuration writes it.
  String acceptor() {
    return "tcp://"
        + Literals.scoped(address)
        + "?protocols=STOMP;useEpoll=false;connectionTtl=120000;heartBeatToConnectionTtlModifier=4";
  }
}
