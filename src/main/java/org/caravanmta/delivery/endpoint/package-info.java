/// Delivery to any Camel endpoint: the transport `camel`, the last steps of a transport of the
/// operator's, and what a message is to endpoints that know nothing of mail.
///
/// *Place:* after routing, as the other transports; a URI in a table is a {@link
/// org.caravanmta.message.Destination.Endpoint}. *Decides:* what a failure means, by the operator's
/// {@link org.caravanmta.delivery.endpoint.FailureRule}s. *When it cannot tell* (no rule, no answer
/// in time, a URI that makes no endpoint): deferred. *Limits:* two URIs that differ in their
/// options only are one destination, and suspended together; all recipients of a task share one
/// outcome; an endpoint that takes a message and does not say so gets it again; a send that cannot
/// be interrupted keeps its place at its endpoint until it ends.
@NullMarked
package org.caravanmta.delivery.endpoint;

import org.jspecify.annotations.NullMarked;
