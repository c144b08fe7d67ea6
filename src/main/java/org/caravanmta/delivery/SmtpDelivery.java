package org.caravanmta.delivery;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.caravanmta.delivery.Servers.Search;
import org.caravanmta.dns.Names;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.HandsOver;
import org.caravanmta.message.Hop;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.rewrite.Generic;
import org.caravanmta.smtp.Attempt;
import org.caravanmta.smtp.client.Caller;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Protocol;

/// Delivers to the mail exchangers of a next hop by SMTP (RFC 5321 §5). A next hop of several items
/// has the servers of the first, then those of the second.
public final class SmtpDelivery {
  private final Servers servers;
  private final Courier courier;
  private final int port;

  /// @param port of next hops that name none
  public SmtpDelivery(
      Names names,
      Caller caller,
      int port,
      Ourselves ourselves,
      Destinations destinations,
      ConnectionCache connections,
      Generic generic,
      Bodies bodies,
      InstantSource clock) {
    this.servers = new Servers(names, ourselves, RandomGenerator.getDefault());
    this.courier =
        new Courier(
            Protocol.SMTP, caller, ourselves, destinations, connections, generic, bodies, clock);
    this.port = port;
  }

  @HandsOver({"deferred.*", "report"})
  public Outcome deliver(Mail mail) {
    String nextHop = mail.envelope().hop().map(Hop::nextHop).orElse("");
    return courier.carry(mail, nextHop, () -> search(nextHop, mail));
  }

  private Search search(String nextHop, Mail mail) {
    List<NextHop> hops;
    try {
      hops = NextHop.list(nextHop, port);
    } catch (IllegalArgumentException e) {
      return misconfigured(String.valueOf(e.getMessage()));
    }
    var found = new ArrayList<Peer>();
    Search nowhere = misconfigured("no next hop");
    for (NextHop hop : hops) {
      switch (servers.find(hop)) {
        case Search.Found(List<Peer> peers) -> found.addAll(peers);
        case Search.Nowhere(Attempt attempt) ->
            nowhere =
                attempt instanceof Attempt.Failed(Reason reason) && !ofRecipients(hop, mail)
                    ? misconfigured(reason.text())
                    : new Search.Nowhere(attempt);
      }
      if (found.size() >= Servers.MOST) {
        break;
      }
    }
    return found.isEmpty() ? nowhere : new Search.Found(found);
  }

  /// Whether the next hop is the recipients' own domain, not one that the operator named.
  private static boolean ofRecipients(NextHop hop, Mail mail) {
    return mail.recipients().stream()
        .allMatch(recipient -> recipient.address().domain().name().equalsIgnoreCase(hop.host()));
  }

  /// What the operator wrote leads nowhere: nobody's mail is returned for that.
  static Search misconfigured(String text) {
    return new Search.Nowhere(new Attempt.Deferred(Reason.of("4.3.5", text)));
  }
}
