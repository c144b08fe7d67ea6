/// Delivery to any Camel endpoint: the last steps of a transport of the operator's, and what a
/// message is to endpoints that know nothing of mail.
@NullMarked
package org.caravanmta.delivery.endpoint;

import org.jspecify.annotations.NullMarked;
