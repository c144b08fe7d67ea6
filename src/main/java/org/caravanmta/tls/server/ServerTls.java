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

/// The server's end of TLS connections (RFC 8446 §2, RFC 9325).
public final class ServerTls {
  /// What a handshake has to compute, and files it may have to read, keeps no event loop waiting.
  private static final Executor COMPUTING =
      task -> Thread.ofVirtual().name("tls handshake").start(task);

  private final SslContext context;
  private final Authorities authorities;
  private final Duration handshakeTimeout;

  /// @param strength what may be agreed on
  /// @param askClient whether clients are asked for certificates; none is required to have one
  /// @param authorities who may vouch for them
  /// @param handshakeTimeout how long a handshake may take, all of it
  /// @throws IllegalArgumentException if this JDK cannot speak TLS with them
  public ServerTls(
      Certificates certificates,
      Strength strength,
      boolean askClient,
      Authorities authorities,
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

  /// What is to be put before the other handlers of a connection.
  public SslHandler handler(ByteBufAllocator allocator) {
    SslHandler handler = context.newHandler(allocator, COMPUTING);
    handler.setHandshakeTimeout(handshakeTimeout.toMillis(), TimeUnit.MILLISECONDS);
    return handler;
  }

  /// What a finished handshake has agreed on.
  public Secured secured(SslHandler handler) {
    return Secured.of(handler.engine().getSession(), authorities);
  }
}
