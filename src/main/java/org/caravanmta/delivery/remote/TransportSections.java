package org.caravanmta.delivery.remote;

import org.caravanmta.delivery.schedule.SchedulingSettings;
import org.caravanmta.tls.client.ClientTlsSettings;

/// The parts of the section `delivery` that one transport is made from.
///
/// @param remote how servers are found and talked to
/// @param sasl as whom we log in
/// @param tls what TLS with them must be
/// @param dane what is made of TLSA records
/// @param scheduling how many tasks a destination gets at a time, and when
/// @param sources from which of our addresses they are called
public record TransportSections(
    RemoteSettings remote,
    RemoteLoginSettings sasl,
    ClientTlsSettings tls,
    DaneSettings dane,
    SchedulingSettings scheduling,
    SourceSettings sources) {
  /// The same for content filters, which get messages as they are and have no fallback relay.
  TransportSections toFilters() {
    return new TransportSections(remote.toFilters(), sasl, tls, dane, scheduling, sources);
  }
}
