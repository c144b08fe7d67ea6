package org.caravanmta.stage;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.domain.Locality;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Mail;
import org.caravanmta.message.QueueIds;
import org.caravanmta.share.Shares;

/// What every {@link Stage} is made from, besides its own section of the settings.
///
/// @param hostname the server's name in greetings, reports and `Received:` fields
/// @param directory where the server keeps everything (`data.directory`)
/// @param local knows which addresses and networks are ours
/// @param dns asks the DNS; blocks
/// @param store has the bodies that are too large for a queue message
/// @param ids makes the ids of new messages
/// @param suspended whether mail may not be tried now, since the operator has suspended where it
///   goes: true if it is so for one of its recipients
/// @param shares the limits of destinations that the nodes of a cluster have in common
/// @param clock tells the time
public record House(
    String hostname,
    Path directory,
    Locality local,
    DnsNames dns,
    ContentStore store,
    QueueIds ids,
    Predicate<Mail> suspended,
    Shares shares,
    InstantSource clock) {}
