package org.caravanmta.reception;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Optional;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.message.Client;
import org.caravanmta.reception.session.Security;
import org.caravanmta.tls.server.Secured;

/// The TLS handshake of a session (RFC 8446 §2), at its start or after STARTTLS. Its computing is
/// done on virtual threads; its bytes move on the event loop.
final class Handshake {
  private final Security security;
  private final Client client;
  private boolean underWay;

  Handshake(Security security, Client client) {
    this.security = security;
    this.client = client;
  }

  /// Whether it comes before the greeting.
  boolean comesFirst() {
    return security.implicit();
  }

  /// Puts TLS below the session: from here on nothing goes out, or comes in, in the clear.
  void begin(ChannelHandlerContext session) {
    underWay = true;
    SslHandler handler = security.tls().orElseThrow().handler(session.alloc());
    session.pipeline().addBefore(session.name(), null, handler);
  }

  /// Whether it has begun, and what came with its end has not been read yet.
  boolean underWay() {
    return underWay;
  }

  void over() {
    underWay = false;
  }

  /// What has been agreed on; absent when it has failed, which is in the log then.
  Optional<Secured> secured(ChannelHandlerContext session, SslHandshakeCompletionEvent completed) {
    SslHandler handler = session.pipeline().get(SslHandler.class);
    if (!completed.isSuccess() || handler == null) {
      Events.tell(new SessionEvent.NotSecured(client, completed.cause()));
      return Optional.empty();
    }
    return Optional.of(security.tls().orElseThrow().secured(handler));
  }

  /// Whether TLS lets nothing more go out: before TLS 1.3 the client's farewell ends both
  /// directions (RFC 8446 §6.1).
  static boolean isOver(ChannelHandlerContext session) {
    SslHandler handler = session.pipeline().get(SslHandler.class);
    return handler != null && handler.engine().isOutboundDone();
  }

  /// Tells the client, where there is TLS, that nothing more comes (RFC 8446 §6.1).
  static ChannelFuture farewell(ChannelHandlerContext session) {
    SslHandler handler = session.pipeline().get(SslHandler.class);
    return handler == null ? session.newSucceededFuture() : handler.closeOutbound();
  }
}
