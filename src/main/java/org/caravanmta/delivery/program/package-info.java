/// Delivery to commands and programs of the operator (postfix `pipe(8)`, and the commands of
/// `local(8)`).
@NullMarked
package org.caravanmta.delivery.program;

import org.jspecify.annotations.NullMarked;
