package org.caravanmta.delivery.remote;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.caravanmta.address.Domain;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.remote.RemoteAttempt.Site;
import org.caravanmta.delivery.remote.Servers.Search;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Destination;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NextHop;
import org.caravanmta.message.NextHopReader;
import org.caravanmta.message.NextHopSet;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Reason;
import org.caravanmta.message.SentCopy;
import org.caravanmta.message.Transport;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;

/// The delivery to the mail exchangers of a next hop by SMTP (RFC 5321 §5; postfix `smtp(8)`). When
/// a next hop lists several hosts, the servers of the first are tried, then those of the second;
/// mail that none of them takes for now goes to the fallback relays.
public final class SmtpDelivery {
  private static final Destination NOWHERE = new Destination.Plain(Transport.SMTP, "");

  /// In place of a next hop that cannot be read.
  private static final NextHop NOBODY = new NextHop.Socket("");

  private final RandomGenerator random = RandomGenerator.getDefault();
  private final Servers servers;
  private final RemoteAttempt courier;
  private final RemoteSettings own;

  public SmtpDelivery(
      DnsNames names,
      RemoteSettings own,
      SmtpCaller caller,
      Ourselves ourselves,
      Approaches approaches,
      Destinations destinations,
      ConnectionCache connections,
      SentCopy copies,
      Bodies bodies,
      InstantSource clock) {
    this.servers = new Servers(names, ourselves, own, random);
    this.courier =
        new RemoteAttempt(
            Protocol.SMTP,
            caller,
            own.outgoing().tries(),
            ourselves,
            approaches,
            destinations,
            connections,
            copies,
            bodies,
            clock);
    this.own = own;
  }

  @HandsOver({Queues.ANY_DEFERRED, Queues.REPORT})
  public TaskOutcome deliver(Mail mail) {
    return deliverTo(mail, mail.envelope().destination().orElse(NOWHERE));
  }

  /// @param next the servers, in the notation of the transport `smtp`
  TaskOutcome deliverTo(Mail mail, Destination next) {
    return courier.carry(mail, next.nextHop(), sites(next, mail));
  }

  private List<Site> sites(Destination next, Mail mail) {
    List<NextHop> hops;
    try {
      hops = drawn(next.serverSets());
      String fallback = own.outgoing().fallback();
      if (!fallback.isEmpty()) {
        hops.addAll(drawn(NextHopReader.sets(fallback)));
      }
    } catch (IllegalArgumentException e) {
      return List.of(new Site(NOBODY, () -> misconfigured(String.valueOf(e.getMessage()))));
    }
    return hops.stream().map(hop -> new Site(hop, () -> search(hop, mail))).toList();
  }

  private List<NextHop> drawn(List<NextHopSet> sets) {
    var hops = new ArrayList<NextHop>();
    sets.forEach(set -> hops.addAll(set.drawn(random)));
    return hops;
  }

  private Search search(NextHop next, Mail mail) {
    return switch (next) {
      case NextHop.Host host -> search(host, mail);
      case NextHop.Socket(String path) ->
          misconfigured("unix:" + path + " is a next hop of lmtp only");
    };
  }

  private Search search(NextHop.Host hop, Mail mail) {
    Search search = servers.find(hop);
    return search instanceof Search.Nowhere(Attempt.Failed(Reason reason), boolean ours)
            && !ofRecipients(hop, mail)
        ? new Search.Nowhere(deferred(reason.text()), ours)
        : search;
  }

  /// Whether the next hop is the domain of every recipient, and not one that the operator named.
  private static boolean ofRecipients(NextHop.Host hop, Mail mail) {
    var domain = new Domain(hop.host());
    return mail.recipients().stream()
        .allMatch(recipient -> recipient.address().domain().equals(domain));
  }

  /// A deferral, because what the operator has written leads to no server: nobody's mail is
  /// returned for that.
  static Search misconfigured(String text) {
    return new Search.Nowhere(deferred(text));
  }

  private static Attempt deferred(String text) {
    return new Attempt.Deferred(Reason.of("4.3.5", text));
  }
}
