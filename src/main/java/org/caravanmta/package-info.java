/// Caravan itself: {@link org.caravanmta.Caravan} starts and stops it, `Wiring` makes the beans
/// that the routes name, `Routes` loads the operator's route files and refuses those that would not
/// work.
@NullMarked
package org.caravanmta;

import org.jspecify.annotations.NullMarked;
