/// Final delivery to our own users (RFC 5321 §4.4; postfix `local(8)`) and to virtual mailboxes
/// (postfix `virtual(8)`).
@NullMarked
package org.caravanmta.delivery.local;

import org.jspecify.annotations.NullMarked;
