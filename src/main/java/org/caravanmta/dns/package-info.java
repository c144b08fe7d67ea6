/// Names and addresses from the DNS (RFC 1034, RFC 5321 §5). This is the only package that imports
/// dnsjava.
///
/// *Place:* asked by the restriction stages while a client waits, also for the client's name, and
/// by delivery for the servers of a domain. *Decides:* whether an answer is secure (RFC 4033), by
/// the word of a name server on this machine or by its signatures. *When it cannot tell:* {@link
/// org.caravanmta.dns.DnsAnswer.Unavailable}, which never means that a name does not exist; an
/// answer whose signatures are wrong is that too. *Limits:* answers are remembered in memory only.
@NullMarked
package org.caravanmta.dns;

import org.jspecify.annotations.NullMarked;
