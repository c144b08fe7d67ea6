package org.caravanmta.settings;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.delivery.remote.Ourselves;
import org.caravanmta.delivery.remote.OutgoingSettings.HostLookup;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.dns.Dnssec;
import org.caravanmta.dns.HostNames;
import org.caravanmta.dns.Resolver;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.QueueIds;
import org.caravanmta.reception.ListenerSettings;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.share.Shares;
import org.caravanmta.stage.House;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.DomainPattern;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Patterns;
import org.caravanmta.table.Search;
import org.caravanmta.table.Values;

/// Makes from the settings what the stages share: the {@link House}, and what depends on more than
/// one section of the settings.
public final class Foundation {
  private Foundation() {}

  /// What every stage is made from.
  ///
  /// @param suspended whether mail may not be tried now
  /// @param shares the limits that the nodes of a cluster have in common
  public static House house(
      Settings settings,
      ContentStore store,
      Predicate<Mail> suspended,
      Shares shares,
      InstantSource clock) {
    String hostname = Hostname.of(settings);
    var origin =
        OwnAddresses.origin(
            settings,
            settings
                .rewriting()
                .form()
                .origin()
                .or(() -> DomainPattern.first(settings.domains().own()))
                .orElseGet(() -> new Domain(hostname)));
    return new House(
        hostname,
        settings.data().directory(),
        OwnAddresses.locality(settings, origin, clock),
        names(settings, clock),
        store,
        new QueueIds(clock, new SecureRandom().nextLong()),
        suspended,
        shares,
        clock);
  }

  /// Whether something depends on validated answers of the DNS.
  public static boolean dependsOnDnssec(Settings settings, OwnTransports own) {
    return settings.dns().dnssec().dnssec() == Dnssec.VALIDATE
        || Stream.concat(Stream.of(settings.delivery()), own.all().values().stream())
            .anyMatch(delivery -> delivery.tls().mayUseDane());
  }

  private static DnsNames names(Settings settings, InstantSource clock) {
    DnsNames dns = new Resolver(settings.dns(), settings.data().directory(), clock);
    return switch (settings.delivery().remote().outgoing().hostLookup()) {
      case List<HostLookup> order when order.equals(List.of(HostLookup.DNS)) -> dns;
      case List<HostLookup> order ->
          new HostNames(dns, order.contains(HostLookup.DNS), order.getFirst() == HostLookup.NATIVE);
    };
  }

  /// The virtual alias domains and the virtual mailbox domains (postfix `ADDRESS_CLASS_README`),
  /// whose addresses are not users of this machine.
  public static VirtualDomains virtualDomains(
      Settings settings, AddressSearch aliases, House house) {
    var own = settings.domains();
    return new VirtualDomains(
        Patterns.domains(DomainPattern.texts(own.virtual()), Patterns.Below.APART, house.clock()),
        aliases.path(),
        Patterns.domains(
            DomainPattern.texts(own.virtualMailboxes()), Patterns.Below.APART, house.clock()));
  }

  /// By what names and addresses delivery knows that a next hop is this server.
  public static Ourselves ourselves(Settings settings, House house) {
    var listeners = settings.listeners();
    return new Ourselves(
        house.hostname(),
        Stream.of(listeners.smtp(), listeners.submission(), listeners.submissions())
            .filter(ListenerSettings::enabled)
            .map(ListenerSettings::address)
            .toList(),
        Set.copyOf(settings.networks().outside()));
  }

  /// The domains whose servers may ask for their waiting mail (RFC 1985; postfix
  /// `fast_flush_domains`).
  public static DomainList flushed(Settings settings, House house) {
    List<DomainPattern> named = settings.queue().flushDomains();
    return named.isEmpty()
        ? house.local().relayed().domains()
        : Patterns.domains(
            DomainPattern.texts(named),
            OwnAddresses.below(settings, "fast_flush_domains"),
            house.clock());
  }

  /// Finds which EHLO keywords a client is not offered (postfix
  /// `smtpd_discard_ehlo_keyword_address_maps`); what it finds replaces the setting. Absent if
  /// there are no such tables.
  public static Optional<Function<InetAddress, Search>> discarded(Settings settings, House house) {
    var maps = settings.smtp().offers().discardEhloKeywordMaps();
    if (maps.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new AccessTable(house.local().open(maps, Values.ANY), new Extensions(""))::address);
  }
}
