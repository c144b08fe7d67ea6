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
import org.caravanmta.tls.server.TlsSession;

/// The TLS handshake of a session (RFC 8446 §2), at the start of the connection or after STARTTLS
/// (RFC 3207 §4). The cryptography is computed on virtual threads; the bytes are read and written
/// on the event loop.
final class Handshake {
  private final Security security;
  private final Client client;
  private boolean underWay;

  Handshake(Security security, Client client) {
    this.security = security;
    this.client = client;
  }

  /// Whether the handshake comes before the greeting (RFC 8314 §3.3).
  boolean comesFirst() {
    return security.implicit();
  }

  /// Puts TLS below the session: from here on nothing is sent or received in the clear.
  void begin(ChannelHandlerContext session) {
    underWay = true;
    SslHandler handler = security.tls().orElseThrow().handler(session.alloc());
    session.pipeline().addBefore(session.name(), null, handler);
  }

  /// Whether the handshake has begun and {@link #over} has not been called: the bytes that arrived
  /// together with its last message may not have been read yet.
  boolean underWay() {
    return underWay;
  }

  /// Ends the handshake, once the bytes that arrived with its last message have been read.
  void over() {
    underWay = false;
  }

  /// What client and server have agreed on; absent when the handshake has failed, which is then
  /// logged.
  Optional<TlsSession> secured(
      ChannelHandlerContext session, SslHandshakeCompletionEvent completed) {
    SslHandler handler = session.pipeline().get(SslHandler.class);
    if (!completed.isSuccess() || handler == null) {
      Events.tell(new SessionEvent.NotSecured(client, completed.cause()));
      return Optional.empty();
    }
    return Optional.of(security.tls().orElseThrow().session(handler));
  }

  /// Whether TLS no longer lets us send: before TLS 1.3 the client's `close_notify` ends both
  /// directions (RFC 8446 §6.1).
  static boolean isOver(ChannelHandlerContext session) {
    SslHandler handler = session.pipeline().get(SslHandler.class);
    return handler != null && handler.engine().isOutboundDone();
  }

  /// Sends `close_notify`, by which TLS says that nothing more comes (RFC 8446 §6.1); does nothing
  /// on a connection without TLS.
  static ChannelFuture farewell(ChannelHandlerContext session) {
    SslHandler handler = session.pipeline().get(SslHandler.class);
    return handler == null ? session.newSucceededFuture() : handler.closeOutbound();
  }
}
