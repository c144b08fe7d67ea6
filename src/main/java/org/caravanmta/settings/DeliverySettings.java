package org.caravanmta.settings;

import java.util.Optional;
import org.caravanmta.check.RuleTables;
import org.caravanmta.config.Flat;
import org.caravanmta.delivery.local.MaildirSettings;
import org.caravanmta.delivery.program.ProgramSettings;
import org.caravanmta.delivery.remote.RemoteSettings;
import org.caravanmta.message.Relayhost;

/// The section `delivery`: how mail goes out. Each part belongs to the stage that reads it.
///
/// @param relayhost where mail for other domains goes
public record DeliverySettings(
    Optional<Relayhost> relayhost,
    @Flat RemoteSettings remote,
    @Flat MaildirSettings local,
    @Flat ProgramSettings programs,
    RuleTables checks) {}
