package org.caravanmta.reception.wire;

import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/// The state of a new connection when the client is about to be greeted (RFC 5321 §3.1).
public enum Opening {
  /// The client waits for the greeting, as it should.
  SILENT,
  /// The client waits for the greeting; it did not come through a proxy, though the listener
  /// declares some.
  ELSEWHERE,
  /// The client has sent something before the greeting.
  EARLY,
  /// The PROXY header is missing or cannot be understood, so we do not know who the client is.
  BAD_HEADER;

  /// The state now: the system is asked whether bytes have arrived that nobody has read yet.
  public Opening now(Channel channel) {
    if (!(channel.unsafe() instanceof AbstractNioChannel.NioUnsafe nio)
        || !(nio.ch() instanceof SocketChannel socket)) {
      return this;
    }
    try {
      return socket.socket().getInputStream().available() > 0 ? spoken() : this;
    } catch (IOException e) {
      return this;
    }
  }

  /// The state once the client has sent something. From elsewhere that may be the header of a proxy
  /// that the operator has not declared, whose clients should try again later.
  Opening spoken() {
    return switch (this) {
      case SILENT, EARLY -> EARLY;
      case ELSEWHERE, BAD_HEADER -> BAD_HEADER;
    };
  }
}
