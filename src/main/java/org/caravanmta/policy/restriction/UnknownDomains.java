package org.caravanmta.policy.restriction;

import java.net.InetAddress;
import java.util.List;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.dns.Answer;
import org.caravanmta.dns.Names;
import org.caravanmta.policy.Codes;
import org.caravanmta.table.Lookup;

/// Refuses domains to which no answer could be sent: they have no MX and no address record in the
/// DNS (RFC 5321 §5.1), or say that they take no mail (RFC 7505). A DNS that does not answer defers
/// what would else be accepted.
final class UnknownDomains {
  private final Surroundings around;
  private final HeloRestrictions hello;
  private final Codes codes;

  UnknownDomains(Surroundings around, HeloRestrictions hello) {
    this.hello = hello;
    this.codes = around.leeway().codes();
    this.around = around;
  }

  Finding helo(Asked asked) {
    String helo = asked.client().helo();
    if (helo.isEmpty()) {
      return Finding.DUNNO;
    }
    if (helo.startsWith("[")) {
      return hello.literal(asked);
    }
    boolean number = Literals.address(helo).isPresent();
    return switch (number ? Standing.NOT_THERE : ask(new Domain(helo))) {
      case THERE, NO_MAIL -> Finding.DUNNO;
      case NOT_THERE ->
          new Finding.Refused(
              asked.helo().reply(codes.unknownHostname(), "4.7.1", "Host not found"));
      case UNCLEAR -> new Finding.DeferIfPermit(asked.helo().reply(450, "4.7.1", "Host not found"));
    };
  }

  Finding sender(Asked asked) {
    return asked
        .from()
        .map(from -> domain(from, asked.mailFrom(), "4.1.8", 550, "5.7.27"))
        .orElse(Finding.DUNNO);
  }

  Finding recipient(Asked asked) {
    return asked
        .recipient()
        .map(to -> domain(to, Asked.rcptTo(to), "4.1.2", 556, "5.1.10"))
        .orElse(Finding.DUNNO);
  }

  private Finding domain(
      Address address, Subject subject, String status, int nullCode, String nullStatus) {
    Address destination = around.resolution().resolve(address).orElse(address);
    if (destination.domain().isLiteral()
        || !(around.relay().ours(address) instanceof Lookup.Absent)) {
      return Finding.DUNNO;
    }
    return switch (ask(destination.domain())) {
      case THERE -> Finding.DUNNO;
      case NO_MAIL ->
          new Finding.Refused(
              subject.reply(
                  nullCode,
                  nullStatus,
                  "Domain " + destination.domain() + " does not accept mail (nullMX)"));
      case NOT_THERE ->
          new Finding.Refused(subject.reply(codes.unknownAddress(), status, "Domain not found"));
      case UNCLEAR -> new Finding.DeferIfPermit(subject.reply(450, status, "Domain not found"));
    };
  }

  private enum Standing {
    THERE,
    NO_MAIL,
    NOT_THERE,
    UNCLEAR
  }

  private Standing ask(Domain domain) {
    return switch (around.names().mailExchanges(domain)) {
      case Answer.Records<Names.MailExchange>(List<Names.MailExchange> records) ->
          records.getFirst().host().isEmpty() ? Standing.NO_MAIL : Standing.THERE;
      case Answer.None<Names.MailExchange>() ->
          switch (around.names().addresses(domain.name())) {
            case Answer.Records<InetAddress> _ -> Standing.THERE;
            case Answer.None<InetAddress>() -> Standing.NOT_THERE;
            case Answer.Unavailable<InetAddress> _ -> Standing.UNCLEAR;
          };
      case Answer.Unavailable<Names.MailExchange> _ -> Standing.UNCLEAR;
    };
  }
}
