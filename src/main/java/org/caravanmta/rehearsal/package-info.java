/// What would become of an address or a message (`caravan explain`): the routes are walked step by
/// step, with the real beans, and nothing is started, asked over the network of queues, or put
/// anywhere. {@link DryRun} is one message on its way, {@link Audition} one client at the door,
/// {@link RouteWalk} the steps of one route. *Limits:* greylist and policy servers are not asked,
/// since they would remember.
@NullMarked
package org.caravanmta.rehearsal;

import org.jspecify.annotations.NullMarked;
