/// The operator's route files.
///
/// *Place:* read at the start and by `caravan check`, before anything runs. *Decides:* whether the
/// routes can run: {@link Routes} reads the files, {@link RouteBeans} checks that the beans they
/// name are there, {@link QueueEnds} that every queue is emptied, {@link RouteEnds} finds ends at
/// which mail would be lost or set aside, {@link FilterPlaces} content filters that would never be
/// asked, and {@link RouteLoops} finds loops. Besides beans, a route file may name restrictions by
/// their text ({@link RestrictionSteps}), routes as restriction classes ({@link RouteClasses}), and
/// queues that routes on other machines consume ({@link RemoteStages}). *When it cannot tell:*
/// routes that cannot be read do not run; {@link UnusableRoutes} says why. *Limits:* conditions are
/// not evaluated.
@NullMarked
package org.caravanmta.route;

import org.jspecify.annotations.NullMarked;
