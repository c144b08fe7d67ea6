/// The operator's route files. *Place:* read at the start and by `caravan check`, before anything
/// runs. *Decides:* whether they can run as they are: {@link Routes} reads them, {@link RouteBeans}
/// looks for what they name, {@link RouteEnds} finds ends at which mail would be lost or set aside,
/// {@link Rings} finds ways on which a message would turn for ever. What a route file may name
/// beside beans: restrictions by their text ({@link RestrictionSteps}), routes as restriction
/// classes ({@link RouteClasses}), queues that routes on other machines empty ({@link
/// RemoteStages}). *Limits:* conditions are not followed: a way counts where any message might take
/// it.
@NullMarked
package org.caravanmta.route;

import org.jspecify.annotations.NullMarked;
