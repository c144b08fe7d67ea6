package org.caravanmta.reception;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.caravanmta.address.Networks;
import org.caravanmta.message.Client;
import org.caravanmta.policy.Case;
import org.caravanmta.port.Accepting;
import org.caravanmta.reception.session.ClientFacts;
import org.caravanmta.reception.session.Reception;
import org.caravanmta.reception.session.Security;
import org.caravanmta.reception.session.Service;
import org.caravanmta.reception.wire.Opening;
import org.caravanmta.reception.wire.ProxyHeader;
import org.jspecify.annotations.Nullable;

/// A port on which clients may speak SMTP to us (RFC 5321 §3.1): the bean that a route names as the
/// `serverInitializerFactory` of its `netty:` endpoint. Each question of a session becomes one
/// exchange of that route, with the {@link Case} as its body and the {@link Case#stage} in its
/// header `stage`; the body at the end of the route is the answer.
///
/// The route's steps run on a virtual thread, not on the event loop, and so may wait.
public final class Listener extends ServerInitializerFactory {
  /// Bytes of replies that the client has not read: above the higher number nothing more is read
  /// from the client, until there are fewer than the lower one.
  private static final WriteBufferWaterMark UNREAD =
      new WriteBufferWaterMark(8 * 1024, Inbox.AHEAD);

  private final Service service;
  private final Reception reception;
  private final Security security;
  private final @Nullable NettyConsumer consumer;

  /// A listener without TLS and logins.
  public Listener(Service service, Reception reception) {
    this(service, reception, Security.NONE);
  }

  public Listener(Service service, Reception reception, Security security) {
    this(service, reception, security, null);
  }

  private Listener(
      Service service, Reception reception, Security security, @Nullable NettyConsumer consumer) {
    this.service = service;
    this.reception = reception;
    this.security = security;
    this.consumer = consumer;
  }

  @Override
  public ServerInitializerFactory createPipelineFactory(NettyConsumer route) {
    return new Listener(service, reception, security, route);
  }

  @Override
  protected void initChannel(Channel channel) {
    // a client that has ended its side may still wait for our replies (RFC 9293 §3.6)
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.config().setWriteBufferWaterMark(UNREAD);
    if (consumer == null) {
      throw new IllegalStateException("the listener " + service + " belongs to no route");
    }
    Accepting.at(channel.parent(), service.toString());
    if (channel.remoteAddress() instanceof InetSocketAddress remote) {
      Networks proxies = reception.intermediaries().proxies(service);
      if (proxies.contains(remote.getAddress())) {
        Duration timeout = reception.settings().smtp().patience().timeout();
        channel
            .pipeline()
            .addLast(
                new ProxyHeader(
                    remote,
                    reception.sessions().budget(),
                    timeout,
                    security.implicit(),
                    (client, server, opening) ->
                        begin(channel, consumer, client, server, opening)));
      } else {
        Opening opening = proxies.networks().isEmpty() ? Opening.SILENT : Opening.ELSEWHERE;
        begin(channel, consumer, remote, Optional.empty(), opening);
      }
    } else {
      // the client has gone already
      channel.close();
    }
  }

  /// @param server the address at which the client reached the proxy, if a PROXY header says so
  private void begin(
      Channel channel,
      NettyConsumer route,
      InetSocketAddress remote,
      Optional<InetSocketAddress> server,
      Opening opening) {
    InetSocketAddress reached = server.orElseGet(() -> (InetSocketAddress) channel.localAddress());
    Client client = ClientFacts.connected(remote, reached, reception.settings(), service);
    var session = new SessionHandler(reception, service, security, client, opening);
    channel
        .pipeline()
        .addLast(session)
        .addLast(
            new QuestionCarrier(
                route, session, reception.settings().smtp().conduct().delayReject()));
  }
}
