/// What the operator does with queues (postfix `postqueue`, `postsuper`, `postcat`), over any
/// broker.
@NullMarked
package org.caravanmta.queue.admin;

import org.jspecify.annotations.NullMarked;
