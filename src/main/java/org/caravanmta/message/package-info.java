/// What mail is: {@link org.caravanmta.message.Mail} = envelope, header section and content; the
/// {@link org.caravanmta.message.Destination} of each delivery; the encoding in which it travels
/// between stages; what a stage hands to the queues after it. Imports only `address`.
@NullMarked
package org.caravanmta.message;

import org.jspecify.annotations.NullMarked;
