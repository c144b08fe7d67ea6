package org.caravanmta.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/// The server's end of TLS connections (RFC 8446 §2, RFC 9325): the same for all listeners.
public final class ServerTls {
  /// RFC 9325 §3.1.1: older ones are broken.
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  /// RFC 9325 §4.2, and all of TLS 1.3: forward secret and authenticated, the strongest first.
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

  /// What a handshake has to compute, and files it may have to read, keeps no event loop waiting.
  private static final Executor COMPUTING =
      task -> Thread.ofVirtual().name("tls handshake").start(task);

  private final SslContext context;
  private final Authorities authorities;
  private final Duration handshakeTimeout;

  /// @param askClient whether clients are asked for certificates; none is required to have one
  /// @param authorities who may vouch for them
  /// @param handshakeTimeout how long a handshake may take, all of it
  /// @throws IllegalArgumentException if this JDK cannot speak TLS with them
  public ServerTls(
      Certificates certificates,
      boolean askClient,
      Authorities authorities,
      Duration handshakeTimeout) {
    this.authorities = authorities;
    this.handshakeTimeout = handshakeTimeout;
    try {
      this.context =
          SslContextBuilder.forServer(new Chooser(certificates))
              .sslProvider(SslProvider.JDK)
              .protocols(PROTOCOLS)
              .ciphers(CIPHERS)
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
