/// The domains whose mail is ours to take, by their class (postfix `ADDRESS_CLASS_README`).
@NullMarked
package org.caravanmta.domain;

import org.jspecify.annotations.NullMarked;
