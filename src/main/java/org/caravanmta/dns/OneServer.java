package org.caravanmta.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;

/// One name server, by UDP, and by TCP when an answer is too large (RFC 7766 §5). A server that
/// does not know EDNS is asked without (RFC 6891 §7); its answers are then insecure.
final class OneServer implements Resolver {
  /// The size of answers that are not fragmented on the way (RFC 9715 §3.1).
  private static final int PAYLOAD = 1232;

  private final SimpleResolver server;
  private final SimpleResolver simple;
  private final boolean believed;

  /// @param dnssec whether signatures are asked for, without which a server need not say what is
  ///   secure (RFC 3225 §3)
  /// @param believed whether its AD bit counts (RFC 4035 §4.9.3)
  OneServer(InetSocketAddress address, boolean dnssec, boolean believed) {
    this.believed = believed;
    this.server = new SimpleResolver(address);
    this.simple = new SimpleResolver(address);
    server.setEDNS(0, PAYLOAD, dnssec ? ExtendedFlags.DO : 0, List.of());
    simple.setEDNS(null);
  }

  /// Whether an address is of this machine, so that nobody can change an answer on its way.
  static boolean isHere(InetSocketAddress address) {
    return address.getAddress() != null && address.getAddress().isLoopbackAddress();
  }

  @Override
  public CompletionStage<Message> sendAsync(Message query, Executor executor) {
    return server
        .sendAsync(query, executor)
        .thenCompose(
            answer ->
                answer.getOPT() == null && refusesExtensions(answer.getRcode())
                    ? simple.sendAsync(withoutExtensions(query), executor)
                    : CompletableFuture.completedFuture(answer))
        .thenApply(this::asBelieved);
  }

  private static boolean refusesExtensions(int rcode) {
    return rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP;
  }

  private static Message withoutExtensions(Message query) {
    var plain = Message.newQuery(query.getQuestion());
    if (query.getHeader().getFlag(Flags.CD)) {
      plain.getHeader().setFlag(Flags.CD);
    }
    return plain;
  }

  private Message asBelieved(Message answer) {
    if (!believed) {
      answer.getHeader().unsetFlag(Flags.AD);
    }
    return answer;
  }

  @Override
  public void setTimeout(Duration timeout) {
    server.setTimeout(timeout);
    simple.setTimeout(timeout);
  }

  @Override
  public Duration getTimeout() {
    return server.getTimeout();
  }

  @Override
  public void setPort(int port) {
    server.setPort(port);
    simple.setPort(port);
  }

  @Override
  public void setTCP(boolean flag) {
    server.setTCP(flag);
    simple.setTCP(flag);
  }

  @Override
  public void setIgnoreTruncation(boolean flag) {
    server.setIgnoreTruncation(flag);
    simple.setIgnoreTruncation(flag);
  }

  /// What the one who asks wants in addition: one that validates wants signatures.
  @Override
  public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
    server.setEDNS(version, PAYLOAD, flags, options);
  }

  @Override
  public void setTSIGKey(TSIG key) {
    server.setTSIGKey(key);
    simple.setTSIGKey(key);
  }

  @Override
  public String toString() {
    return server.toString();
  }
}
