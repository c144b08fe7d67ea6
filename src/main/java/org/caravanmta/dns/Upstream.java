package org.caravanmta.dns;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.dnssec.ValidatingResolver;

/// The name servers together: the next is asked when one does not answer.
final class Upstream {
  /// How often each server is asked within the time-out, as a datagram may be lost.
  private static final int TRIES = 2;

  /// How often dnsjava looks, in milliseconds, for questions whose time is over: with its default
  /// of a second, one with less time than that was not asked again.
  private static final String LOOKS = "100";

  static {
    var _ = System.getProperties().putIfAbsent("dnsjava.nio.selector_timeout", LOOKS);
  }

  private Upstream() {}

  /// What nobody validates.
  static Resolver plain(DnsSettings own) {
    return all(own, false, address -> false);
  }

  /// What the name servers validate.
  static Resolver validated(DnsSettings own) {
    boolean everybody = own.dnssec().trustServers();
    return all(own, true, address -> everybody || OneServer.isHere(address));
  }

  /// What is signed, with its signatures, which nobody has looked at.
  static Resolver signed(DnsSettings own) {
    return all(own, true, address -> false);
  }

  /// What we validate.
  ///
  /// @param anchors DS and DNSKEY records in the form of a master file
  static Resolver validating(DnsSettings own, String anchors) {
    var resolver = new ValidatingResolver(signed(own));
    try {
      resolver.loadTrustAnchors(new ByteArrayInputStream(anchors.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return resolver;
  }

  /// The addresses of the name servers, the best first.
  static List<InetSocketAddress> servers(DnsSettings own) {
    return own.servers().isEmpty()
        ? ResolverConfig.getCurrentConfig().servers()
        : own.servers().stream().map(NameServer::address).toList();
  }

  private static Resolver all(
      DnsSettings own, boolean dnssec, Predicate<InetSocketAddress> believed) {
    List<InetSocketAddress> asked = servers(own);
    Duration each = own.timeout().dividedBy((long) TRIES * asked.size());
    List<Resolver> resolvers =
        asked.stream()
            .<Resolver>map(address -> new OneServer(address, dnssec, believed.test(address)))
            .toList();
    resolvers.forEach(resolver -> resolver.setTimeout(each));
    var all = new ExtendedResolver(resolvers);
    all.setRetries(TRIES);
    all.setTimeout(own.timeout());
    return all;
  }
}
