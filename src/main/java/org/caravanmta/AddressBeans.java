package org.caravanmta;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.DomainList;
import org.caravanmta.address.Origin;
import org.caravanmta.address.Resolution;
import org.caravanmta.address.ReversePath;
import org.caravanmta.check.Added;
import org.caravanmta.config.DomainPattern;
import org.caravanmta.config.RewritingSettings;
import org.caravanmta.config.RoutingSettings;
import org.caravanmta.config.Settings;
import org.caravanmta.config.TableName;
import org.caravanmta.domain.RelayDomains;
import org.caravanmta.domain.VirtualDomains;
import org.caravanmta.message.Reason;
import org.caravanmta.policy.Case;
import org.caravanmta.restriction.relay.KnownRecipients;
import org.caravanmta.restriction.relay.Relay;
import org.caravanmta.rewrite.AutomaticCopies;
import org.caravanmta.rewrite.Canonical;
import org.caravanmta.rewrite.Completion;
import org.caravanmta.rewrite.Generic;
import org.caravanmta.rewrite.HeaderOrigin;
import org.caravanmta.rewrite.Masquerade;
import org.caravanmta.rewrite.StandardForm;
import org.caravanmta.rewrite.VirtualAliases;
import org.caravanmta.routing.ClassRouting;
import org.caravanmta.routing.Foresight;
import org.caravanmta.routing.RoutingTable;
import org.caravanmta.routing.Transports;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Patterns;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Table;
import org.caravanmta.table.Tables;
import org.caravanmta.table.Values;

/// The beans that decide by addresses and tables of them: who may be written to, what addresses
/// become, and where mail for them goes.
final class AddressBeans {
  private final Map<String, Object> byName = new LinkedHashMap<>();
  private final Extensions extensions;
  private final Predicate<Domain> bare;
  private final InstantSource clock;
  private final RoutingTable directions;
  private final Resolution resolution;
  private final Foresight foresight;
  private final Relay relay;
  private final KnownRecipients recipients;
  private final Generic generic;
  private final Generic genericOfLmtp;
  private final UnaryOperator<Case> forwarding;
  private final Added added;

  AddressBeans(
      Settings settings,
      String hostname,
      Origin origin,
      Set<String> transports,
      InstantSource clock) {
    DomainClasses.warn(settings.domains());
    RewritingSettings rewriting = settings.rewriting();
    DomainList own = OwnAddresses.domains(settings, clock);
    this.extensions = new Extensions(rewriting.recipientDelimiter());
    this.resolution = OwnAddresses.resolution(settings, origin, clock);
    this.bare =
        domain -> domain.equals(origin.domain()) || own.contains(domain) || resolution.here(domain);
    this.clock = clock;

    var headers =
        new HeaderOrigin(
            origin,
            Set.copyOf(rewriting.localClients()),
            tables(rewriting.headers().localTables(), Values.ANY),
            rewriting.remoteDomain());
    var propagate = Set.copyOf(rewriting.propagate());
    AddressSearch virtual = addresses(rewriting.virtualAliases());
    AddressSearch ofRecipients = addresses(rewriting.recipientCanonical());
    AddressSearch ofAll = addresses(rewriting.canonical());
    boolean canonical = propagate.contains("canonical");
    var senderCanonical =
        new Canonical(
            addresses(rewriting.senderCanonical()),
            origin,
            canonical,
            Set.copyOf(rewriting.senderCanonicalClasses()),
            headers);
    var recipientCanonical =
        new Canonical(
            ofRecipients,
            origin,
            canonical,
            Set.copyOf(rewriting.recipientCanonicalClasses()),
            headers);
    var bothCanonical =
        new Canonical(ofAll, origin, canonical, Set.copyOf(rewriting.canonicalClasses()), headers);
    var masquerade =
        new Masquerade(
            rewriting.masqueradeDomains(),
            rewriting.masqueradeExceptions(),
            Set.copyOf(rewriting.masqueradeClasses()),
            headers);
    var standardForm = new StandardForm(origin, headers);
    byName.put("standardForm", standardForm);
    byName.put("senderCanonical", senderCanonical);
    byName.put("recipientCanonical", recipientCanonical);
    byName.put("canonical", bothCanonical);
    byName.put("masquerade", masquerade);
    var completion =
        new Completion(
            rewriting.alwaysComplete(),
            headers,
            origin,
            hostname,
            rewriting.headers().undisclosed());
    byName.put("completion", completion);
    byName.put(
        "automaticCopies",
        new AutomaticCopies(
            rewriting.alwaysBcc(),
            addresses(rewriting.senderBcc()),
            addresses(rewriting.recipientBcc()),
            origin,
            List.of(recipientCanonical, bothCanonical),
            masquerade));
    var virtualAliases =
        new VirtualAliases(
            virtual,
            origin,
            propagate.contains("virtual"),
            new VirtualAliases.Limits(
                rewriting.virtualResultLimit(),
                rewriting.virtualTurnLimit(),
                rewriting.virtualLengthLimit()),
            rewriting.originalRecipients());
    byName.put("virtualAliases", virtualAliases);
    this.generic =
        new Generic(addresses(rewriting.generic()), origin, propagate.contains("generic"));
    this.genericOfLmtp =
        new Generic(addresses(rewriting.lmtp().generic()), origin, propagate.contains("generic"));

    var relayed = new RelayDomains(OwnAddresses.relayed(settings, clock));
    var domains =
        new VirtualDomains(
            exactly(settings.domains().virtual()),
            virtual.path(),
            exactly(settings.domains().virtualMailboxes()));
    this.directions = directions(settings, resolution, domains, relayed, transports);
    this.foresight = new Foresight(directions);
    this.relay =
        new Relay(resolution, relayed, domains, settings.restrictions().untrustedRouting());
    byName.put("relay", relay);
    this.recipients =
        new KnownRecipients(
            resolution,
            relayed,
            List.of(ofRecipients, ofAll, virtual),
            foresight,
            known(settings),
            search(settings.recipients().relay()),
            domains,
            own(settings.recipients().virtual()),
            settings.recipients().nameTable(),
            settings.restrictions().codes().codes());
    byName.put("recipients", recipients);
    this.forwarding =
        c ->
            virtualAliases.rewrite(
                masquerade.rewrite(bothCanonical.rewrite(recipientCanonical.rewrite(c))));
    this.added =
        new Added(
            c -> forwarding.apply(senderCanonical.rewrite(standardForm.rewrite(c))),
            completion::rewrite);
  }

  private DomainList exactly(List<DomainPattern> domains) {
    return Patterns.domains(DomainPattern.texts(domains), Patterns.Below.APART, clock);
  }

  /// Who exists in our own domains: those with a mailbox, and aliases.
  private AddressSearch known(Settings settings) {
    if (settings.recipients().own().isEmpty() || LocalBeans.everybody(settings.local())) {
      return search(List.of());
    }
    var tables = new ArrayList<Table>(tables(settings.recipients().own(), Values.ANY).tables());
    tables.addAll(LocalBeans.aliases(settings.local(), clock).tables());
    return new AddressSearch(new SearchPath(tables), extensions, bare);
  }

  /// What becomes of what checks put into a message.
  Added added() {
    return added;
  }

  /// What is looked up again for mail that our own users forward.
  UnaryOperator<Case> forwarding() {
    return forwarding;
  }

  private RoutingTable directions(
      Settings settings,
      Resolution resolution,
      VirtualDomains virtual,
      RelayDomains relayed,
      Set<String> transports) {
    RoutingSettings routing = settings.routing();
    var there = new Transports(transports, LocalBeans.programs(settings).keySet());
    routing.transports().forEach((key, value) -> expect(there, "routing." + key, value));
    var usual =
        new ClassRouting(
            resolution,
            virtual,
            relayed,
            routing.local(),
            routing.virtual(),
            routing.relay(),
            routing.other(),
            settings.delivery().relayhost().map(Object::toString).orElse(""),
            search(routing.senderTransport(), Values.tolerant(there::expectSenders)),
            search(routing.senderRelayhost(), Values.tolerant(Transports::expectRelayhost)),
            new ClassRouting.NullSender(
                routing.nullSender().transportKey(), routing.nullSender().relayhostKey()),
            settings.recipients().nameTable());
    return new RoutingTable(
        usual,
        tables(routing.transport(), Values.tolerant(Values.own(there::expectEntry))).tables(),
        settings.rewriting().recipientDelimiter(),
        settings.restrictions().parents("transport_maps"),
        search(routing.relocated()),
        there);
  }

  Map<String, Object> byName() {
    return Map.copyOf(byName);
  }

  RoutingTable directions() {
    return directions;
  }

  /// What addresses mean here.
  Resolution resolution() {
    return resolution;
  }

  /// What routing would do with a recipient.
  Reason prospect(Address recipient, ReversePath sender) {
    return foresight.prospect(resolution.resolve(recipient).orElse(recipient), sender);
  }

  Relay relay() {
    return relay;
  }

  KnownRecipients recipients() {
    return recipients;
  }

  /// What becomes of addresses in what leaves by SMTP.
  Generic generic() {
    return generic;
  }

  /// Likewise by LMTP.
  Generic genericOfLmtp() {
    return genericOfLmtp;
  }

  private static void expect(Transports there, String key, String value) {
    try {
      there.expect(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  /// Tables of anything.
  AddressSearch search(List<TableName> names) {
    return search(names, Values.ANY);
  }

  private AddressSearch search(List<TableName> names, Values values) {
    return new AddressSearch(tables(names, values), extensions, bare);
  }

  /// Tables whose values say what is run, written or asked, as whom: none of it is a stranger's.
  AddressSearch own(List<TableName> names) {
    return new AddressSearch(tables(names, Values.OWN), extensions, bare);
  }

  /// Tables of addresses: a value that is not one is refused with its line.
  private AddressSearch addresses(List<TableName> names) {
    return new AddressSearch(
        VirtualAliases.tables(names.stream().map(Object::toString).toList(), clock),
        extensions,
        bare);
  }

  private SearchPath tables(List<TableName> names, Values values) {
    return Tables.search(names.stream().map(Object::toString).toList(), clock, values);
  }
}
