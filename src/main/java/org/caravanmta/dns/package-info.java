/// Names and addresses from the DNS (RFC 1034, RFC 5321 §5). This is the only package that imports
/// dnsjava.
///
/// *Place:* asked by the restriction stages while a client waits, also for the client's name, and
/// by delivery for the servers of a domain. *Decides:* nothing. *When it cannot tell:* {@link
/// org.caravanmta.dns.DnsAnswer.Unavailable}, which never means that a name does not exist.
/// *Limits:* answers are not validated (no DNSSEC), and are remembered in memory only.
@NullMarked
package org.caravanmta.dns;

import org.jspecify.annotations.NullMarked;
