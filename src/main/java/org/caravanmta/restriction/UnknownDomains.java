package org.caravanmta.restriction;

import java.net.InetAddress;
import java.util.List;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Literals;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.policy.RefusalCodes;
import org.caravanmta.table.Lookup;

/// Refuses domains to which no answer could be sent: they have no MX and no address record in the
/// DNS (RFC 5321 §5.1), or say that they take no mail (RFC 7505). A DNS that does not answer defers
/// what would else be accepted.
final class UnknownDomains {
  private final RestrictionContext around;
  private final HeloRestrictions hello;
  private final RefusalCodes codes;

  UnknownDomains(RestrictionContext around, HeloRestrictions hello) {
    this.hello = hello;
    this.codes = around.own().codes();
    this.around = around;
  }

  Finding helo(RestrictedCase asked) {
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

  Finding sender(RestrictedCase asked) {
    return asked
        .from()
        .map(from -> domain(from, asked.mailFrom(), "4.1.8", 550, "5.7.27"))
        .orElse(Finding.DUNNO);
  }

  Finding recipient(RestrictedCase asked) {
    return asked
        .recipient()
        .map(to -> domain(to, RestrictedCase.rcptTo(to), "4.1.2", 556, "5.1.10"))
        .orElse(Finding.DUNNO);
  }

  private Finding domain(
      Address address, ReplySubject subject, String status, int nullCode, String nullStatus) {
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
      case DnsAnswer.Records<DnsNames.MailExchange>(List<DnsNames.MailExchange> records, _) ->
          records.getFirst().host().isEmpty() ? Standing.NO_MAIL : Standing.THERE;
      case DnsAnswer.None<DnsNames.MailExchange> _ ->
          switch (around.names().addresses(domain.name())) {
            case DnsAnswer.Records<InetAddress> _ -> Standing.THERE;
            case DnsAnswer.None<InetAddress> _ -> Standing.NOT_THERE;
            case DnsAnswer.Unavailable<InetAddress> _ -> Standing.UNCLEAR;
          };
      case DnsAnswer.Unavailable<DnsNames.MailExchange> _ -> Standing.UNCLEAR;
    };
  }
}
