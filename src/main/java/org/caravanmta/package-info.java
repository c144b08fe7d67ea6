/// Caravan itself: {@link org.caravanmta.Caravan} starts and stops it, {@link org.caravanmta.Beans}
/// makes the beans that the routes name, {@link org.caravanmta.Routes} loads the operator's route
/// files and refuses those that would not work.
@NullMarked
package org.caravanmta;

import org.jspecify.annotations.NullMarked;
