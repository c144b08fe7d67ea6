package org.caravanmta.stage;

import java.nio.file.Path;
import java.time.InstantSource;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.domain.Locality;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.QueueIds;

/// What all stages have in common.
///
/// @param hostname our name, in greetings, reports and `Received:` fields
/// @param directory where the server keeps everything (`data.directory`)
/// @param local what addresses and networks mean here
/// @param dns the DNS, asked by blocking
/// @param store bodies too large for a queue message
/// @param ids names for new messages
/// @param clock the time
public record House(
    String hostname,
    Path directory,
    Locality local,
    DnsNames dns,
    ContentStore store,
    QueueIds ids,
    InstantSource clock) {}
