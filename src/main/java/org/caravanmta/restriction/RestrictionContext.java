package org.caravanmta.restriction;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.caravanmta.address.Resolution;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.policy.Case;
import org.caravanmta.restriction.dnsbl.DnsLists;
import org.caravanmta.restriction.relay.KnownRecipients;
import org.caravanmta.restriction.relay.Relay;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.SearchPath;

/// What restrictions ask: the settings they share, tables, the DNS.
///
/// @param namesClients whether clients' names are looked up
/// @param replies the operator's words for what is on a DNS list (postfix `rbl_reply_maps`)
/// @param clientCertificates fingerprints of those whose clients may relay (postfix
///   `relay_clientcerts`)
/// @param own what all restrictions have in common
/// @param stressed whether the server is under load
/// @param isClass whether there is a restriction class of this name
/// @param classes puts a case to a restriction class
public record RestrictionContext(
    boolean namesClients,
    Resolution resolution,
    Relay relay,
    KnownRecipients recipients,
    Extensions extensions,
    DnsNames names,
    DnsLists lists,
    SearchPath replies,
    SearchPath clientCertificates,
    RestrictionSettings own,
    BooleanSupplier stressed,
    Predicate<String> isClass,
    BiFunction<String, Case.Listed, Optional<Case.Listed>> classes,
    InstantSource clock) {}
