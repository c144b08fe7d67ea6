package org.caravanmta.reception.wire;

import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/// How a connection has begun by the time it is to be greeted (RFC 5321 §3.1).
public enum Opening {
  /// The client waits for the greeting, as it should.
  SILENT,
  /// So does this one, which has not come by a proxy to a listener that declares some.
  ELSEWHERE,
  /// The client has spoken before the greeting.
  EARLY,
  /// The PROXY header is missing or cannot be understood, so that nobody knows who the client is.
  BAD_HEADER;

  /// The connection as the system knows it: whether the client has sent anything yet.
  public Opening asFound(Channel channel) {
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

  /// The same connection when the client has spoken. From elsewhere that may be the header of a
  /// proxy that the operator forgot to declare, whose clients are told to try again later.
  Opening spoken() {
    return switch (this) {
      case SILENT, EARLY -> EARLY;
      case ELSEWHERE, BAD_HEADER -> BAD_HEADER;
    };
  }
}
