/// Programs that others wrote, from Debian's packages, as clients of a Caravan in a process of its
/// own (swaks, curl, msmtp, gsasl, Python, OpenSSL, Postfix) and as the servers it delivers to. A
/// test whose program is not installed is skipped and says so; `.ci/run` installs them all, and
/// refuses a run in which one was skipped.
///
/// Servers to deliver to, each started by a test and closed by it, best one for a whole class:
///
/// - {@link org.caravanmta.peers.Authority} makes certificates, good, expired and self-signed, each
///   an {@link org.caravanmta.peers.Identity} with its files, its TLSA data and its fingerprint.
/// - {@link org.caravanmta.peers.ReceivingPostfix} has a port for each way to want TLS, a client's
///   certificate or a login (by {@link org.caravanmta.peers.PrivateDovecot}, `ann`, `pencil`);
///   {@link org.caravanmta.peers.PrivateExim} and {@link org.caravanmta.peers.PrivateOpensmtpd} the
///   same in part; {@link org.caravanmta.peers.PrivateDovecot} has LMTP over TCP and over a socket.
/// - {@link org.caravanmta.peers.TlsSink} goes right or wrong at one step of TLS, its {@link
///   org.caravanmta.peers.Conduct}, and says of each recipient how it came.
/// - {@link org.caravanmta.peers.SignedZones} is the DNS, {@link org.caravanmta.peers.PolicyHost}
///   the HTTPS server of MTA-STS policies.
///
/// {@link org.caravanmta.peers.ServersTest} shows each at work with a client that is not ours.
@NullMarked
package org.caravanmta.peers;

import org.jspecify.annotations.NullMarked;
