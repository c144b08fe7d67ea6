package org.caravanmta.settings;

import java.time.Duration;
import java.util.Optional;
import org.caravanmta.check.RuleTables;
import org.caravanmta.config.Flat;
import org.caravanmta.delivery.endpoint.CamelSettings;
import org.caravanmta.delivery.local.MaildirSettings;
import org.caravanmta.delivery.program.ProgramSettings;
import org.caravanmta.delivery.remote.DaneSettings;
import org.caravanmta.delivery.remote.RemoteLoginSettings;
import org.caravanmta.delivery.remote.RemoteSettings;
import org.caravanmta.delivery.remote.SourceSettings;
import org.caravanmta.delivery.remote.TransportLines;
import org.caravanmta.delivery.remote.TransportSections;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.SchedulingSettings;
import org.caravanmta.delivery.watch.WatchSettings;
import org.caravanmta.message.Relayhost;
import org.caravanmta.mtasts.StsSettings;
import org.caravanmta.tls.client.ClientTlsSettings;

/// The section `delivery`: how mail is delivered. Each part is in the package of the stage that
/// uses it.
///
/// @param relayhost the next hop of mail for other domains (postfix `relayhost`); absent: their own
///   servers
/// @param remote delivery by SMTP and LMTP
/// @param sasl as whom we log in at servers
/// @param sources from which of our addresses servers are called
/// @param transports transports of the operator's that deliver by SMTP and LMTP as ours
/// @param local delivery to mailboxes
/// @param programs delivery to programs
/// @param checks the rules for mail that leaves (postfix `smtp_header_checks`)
/// @param tls what TLS with servers must be
/// @param dane what is made of TLSA records
/// @param sts whether policies that domains publish are kept
/// @param camel delivery to Camel endpoints
/// @param scheduling how many tasks a destination gets at a time, and when
/// @param watch when an attempt is given up that hangs
public record DeliverySettings(
    Optional<Relayhost> relayhost,
    @Flat RemoteSettings remote,
    RemoteLoginSettings sasl,
    SourceSettings sources,
    @Flat TransportLines transports,
    @Flat MaildirSettings local,
    @Flat ProgramSettings programs,
    RuleTables checks,
    ClientTlsSettings tls,
    DaneSettings dane,
    StsSettings sts,
    CamelSettings camel,
    SchedulingSettings scheduling,
    @Flat WatchSettings watch) {
  /// What each Camel endpoint may have.
  public Limits ofEndpoints() {
    return new Limits(
        camel.concurrency(),
        remote.suspension(),
        Duration.ZERO,
        scheduling.transportRateDelay(),
        scheduling.window());
  }

  /// The parts that delivery by SMTP and LMTP is made from.
  public TransportSections forRemote() {
    return new TransportSections(remote, sasl, tls, dane, scheduling, sources);
  }
}
