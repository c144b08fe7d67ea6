/// What the operator does with queues (postfix `postqueue`, `postsuper`, `postcat`), and their
/// figures.
@NullMarked
package org.caravanmta.queue.admin;

import org.jspecify.annotations.NullMarked;
