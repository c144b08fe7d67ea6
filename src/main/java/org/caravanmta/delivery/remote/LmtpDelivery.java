package org.caravanmta.delivery.remote;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.remote.RemoteAttempt.Site;
import org.caravanmta.delivery.remote.Servers.Search;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Destination;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.SentCopy;
import org.caravanmta.message.Transport;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;

/// The delivery to a mail store by LMTP (RFC 2033; postfix `lmtp(8)`). The next hop is
/// `inet:host:port`, `[host]:port`, `host` or `unix:/path`. Since the operator has named it, no
/// answer of the DNS makes a recipient fail.
public final class LmtpDelivery {
  /// The port of a next hop that names none: RFC 2033 §5 names none either, but forbids 25; 24 is
  /// for any private mail system, and is Postfix's (`lmtp_tcp_port`).
  private static final int PORT = 24;

  private static final Destination NOWHERE = new Destination.Plain(Transport.LMTP, "");

  private final DnsNames names;
  private final Path home;
  private final String hostname;
  private final Tries tries;
  private final RemoteAttempt courier;
  private final RandomGenerator random = RandomGenerator.getDefault();

  /// @param home the directory to which the path of a socket is relative
  public LmtpDelivery(
      DnsNames names,
      Path home,
      SmtpCaller caller,
      Tries tries,
      Approaches approaches,
      Destinations destinations,
      ConnectionCache connections,
      SentCopy copies,
      Bodies bodies,
      InstantSource clock) {
    this.names = names;
    this.home = home;
    this.hostname = caller.helo();
    this.tries = tries;
    Ourselves nobody = Ourselves.nobody(caller.helo());
    this.courier =
        new RemoteAttempt(
            Protocol.LMTP,
            caller,
            tries,
            nobody,
            approaches,
            destinations,
            connections,
            copies,
            bodies,
            clock);
  }

  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    return deliverTo(mail, mail.envelope().destination().orElse(NOWHERE));
  }

  /// @param store the servers, in the notation of the transport `lmtp`
  TaskOutcome deliverTo(Mail mail, Destination store) {
    return courier.carry(mail, store.nextHop(), sites(store));
  }

  /// The stores to try, the first ones first.
  private List<Site> sites(Destination store) {
    try {
      return store.serverSets().stream()
          .flatMap(set -> set.drawn(random).stream())
          .map(hop -> new Site(hop, () -> search(hop)))
          .toList();
    } catch (IllegalArgumentException e) {
      return List.of(new Site(new NextHop.Socket(""), () -> misconfigured(e)));
    }
  }

  private Search search(NextHop hop) {
    return switch (hop) {
      case NextHop.Host host -> search(host);
      case NextHop.Socket(String path) -> socket(path);
    };
  }

  private Search socket(String path) {
    try {
      var address = UnixDomainSocketAddress.of(home.resolve(path));
      return new Search.Found(List.of(new Peer(hostname, address)), false);
    } catch (IllegalArgumentException e) {
      return misconfigured(e);
    }
  }

  private static Search misconfigured(IllegalArgumentException why) {
    return SmtpDelivery.misconfigured(String.valueOf(why.getMessage()));
  }

  private Search search(NextHop.Host hop) {
    return switch (names.addresses(hop.host())) {
      case DnsAnswer.Records<InetAddress>(var addresses, _) ->
          new Search.Found(
              tries.choose(
                  addresses.stream()
                      .map(
                          a ->
                              new Peer(
                                  hop.host(), new InetSocketAddress(a, hop.port().orElse(PORT))))
                      .toList()),
              false);
      case DnsAnswer.None<InetAddress> _ ->
          SmtpDelivery.misconfigured("no such host: " + hop.host());
      case DnsAnswer.Unavailable<InetAddress>(String why) ->
          new Search.Nowhere(
              new Attempt.Deferred(
                  Reason.of("4.4.3", "host " + hop.host() + " cannot be looked up: " + why)));
    };
  }
}
