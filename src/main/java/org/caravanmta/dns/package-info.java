/// Names and addresses from the DNS (RFC 1034, RFC 5321 §5). The only package that imports dnsjava.
///
/// *When it cannot tell:* {@link org.caravanmta.dns.DnsAnswer.Unavailable}, which is never "no such
/// name".
@NullMarked
package org.caravanmta.dns;

import org.jspecify.annotations.NullMarked;
