package org.caravanmta.tls.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.caravanmta.tls.Certificates;
import org.caravanmta.tls.Strength;

/// The server's side of TLS connections (RFC 8446 §2, RFC 9325): makes their handlers, and tells
/// what each handshake has agreed on.
public final class ServerTls {
  /// Runs what a handshake computes, and the files that it may read, off the event loop.
  private static final Executor HANDSHAKES =
      task -> Thread.ofVirtual().name("tls handshake").start(task);

  private final SslContext context;
  private final ClientAuthorities authorities;
  private final Duration handshakeTimeout;

  /// @param certificates our certificates
  /// @param strength the versions and ciphers that may be agreed on
  /// @param askClient whether clients are asked for a certificate (postfix `smtpd_tls_ask_ccert`);
  ///   none is required to have one
  /// @param authorities the authorities whose client certificates are trusted
  /// @param handshakeTimeout how long a whole handshake may take
  /// @throws IllegalArgumentException if this JDK cannot do TLS with these
  public ServerTls(
      Certificates certificates,
      Strength strength,
      boolean askClient,
      ClientAuthorities authorities,
      Duration handshakeTimeout) {
    this.authorities = authorities;
    this.handshakeTimeout = handshakeTimeout;
    try {
      this.context =
          SslContextBuilder.forServer(new CertificateChooser(certificates))
              .sslProvider(SslProvider.JDK)
              .protocols(strength.protocols().names())
              .ciphers(strength.ciphers().names(), SupportedCipherSuiteFilter.INSTANCE)
              .trustManager(authorities.anyClient())
              .clientAuth(askClient ? ClientAuth.OPTIONAL : ClientAuth.NONE)
              .build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /// A handler for one connection, to be placed before its other handlers.
  public SslHandler handler(ByteBufAllocator allocator) {
    SslHandler handler = context.newHandler(allocator, HANDSHAKES);
    handler.setHandshakeTimeout(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
    return handler;
  }

  /// The result of a finished handshake.
  public TlsSession session(SslHandler handler) {
    return TlsSession.of(handler.engine().getSession(), authorities);
  }
}
