/// Connections between the nodes of a cluster: TLS 1.3 (RFC 8446) with certificates that are made
/// at each start, and a proof of both sides that they know the cluster's secret (HMAC, RFC 2104),
/// which covers the server's certificate, so that nobody can stand between the two.
@NullMarked
package org.caravanmta.cluster.link;

import org.jspecify.annotations.NullMarked;
