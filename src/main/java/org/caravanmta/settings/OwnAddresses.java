package org.caravanmta.settings;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.NetworkList;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.domain.Locality;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.reception.ListenerSettings;
import org.caravanmta.rewrite.RewritingSettings;
import org.caravanmta.table.DomainPattern;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.NetworkPattern;
import org.caravanmta.table.Patterns;
import org.caravanmta.table.Tables;

/// Makes from the settings what knows how addresses are completed, and which of them are ours. Mail
/// for `user@[192.0.2.1]` is ours if a listener listens on that address (RFC 5321 §4.1.3; postfix
/// `inet_interfaces`).
public final class OwnAddresses {
  private OwnAddresses() {}

  /// How addresses are brought into standard form.
  public static Origin origin(Settings settings, Domain domain) {
    RewritingSettings rewriting = settings.rewriting();
    return new Origin(
        domain,
        rewriting.form().appendOrigin()
            ? rewriting.resolve().shortDomain().or(() -> Optional.of(domain))
            : Optional.empty(),
        rewriting.form().bangPaths(),
        rewriting.form().percentRoutes());
  }

  /// Our own domains (postfix `mydestination`).
  public static DomainList domains(Settings settings, InstantSource clock) {
    return Patterns.domains(
        DomainPattern.texts(settings.domains().own()), Patterns.Below.APART, clock);
  }

  /// The domains that we relay mail to (postfix `relay_domains`).
  public static DomainList relayed(Settings settings, InstantSource clock) {
    return Patterns.domains(
        DomainPattern.texts(settings.domains().relay()), below(settings, "relay_domains"), clock);
  }

  /// Whether the items of a list match subdomains.
  ///
  /// @param feature the name of the list in postfix `parent_domain_matches_subdomains`
  public static Patterns.Below below(Settings settings, String feature) {
    return settings.restrictions().parents(feature) ? Patterns.Below.WITH : Patterns.Below.DOTTED;
  }

  /// The networks of our own clients (postfix `mynetworks`).
  public static NetworkList networks(Settings settings, InstantSource clock) {
    return Patterns.networks(NetworkPattern.texts(settings.networks().own()), clock);
  }

  private static Resolution resolution(Settings settings, Origin origin, DomainList own) {
    return new Resolution(
        own,
        listened(settings),
        own.contains(origin.domain())
            ? Optional.of(origin.domain())
            : DomainPattern.first(settings.domains().own()),
        settings.rewriting().form().bangPaths(),
        settings.rewriting().form().percentRoutes(),
        settings.rewriting().resolve().dequoted(),
        settings.rewriting().resolve().dashes(),
        settings.rewriting().resolve().emptyRecipient());
  }

  /// All of this together.
  public static Locality locality(Settings settings, Origin origin, InstantSource clock) {
    DomainList own = domains(settings, clock);
    return new Locality(
        origin,
        own,
        networks(settings, clock),
        resolution(settings, origin, own),
        new RelayDomains(relayed(settings, clock)),
        new Extensions(settings.rewriting().recipientDelimiter()),
        (names, values) -> Tables.search(names, clock, values));
  }

  private static Set<InetAddress> listened(Settings settings) {
    var addresses =
        settings.listeners().all().stream()
            .filter(ListenerSettings::enabled)
            .map(listener -> listener.address().getAddress())
            .collect(Collectors.toCollection(HashSet::new));
    if (addresses.stream().anyMatch(InetAddress::isAnyLocalAddress)) {
      try {
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .forEach(addresses::add);
      } catch (SocketException e) {
        // the addresses that listeners name are known all the same
      }
    }
    addresses.removeIf(InetAddress::isAnyLocalAddress);
    addresses.addAll(settings.networks().outside());
    return addresses;
  }
}
