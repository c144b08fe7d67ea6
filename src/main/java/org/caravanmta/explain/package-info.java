/// What would happen to an address or a message, and which entry of which table decides it:
/// `caravan explain`.
///
/// *Place:* the operator's shell, without a running server. *Decides:* nothing: it runs the beans
/// that the routes `rewriting` and `checks` name, in their order, and the routing, and says what
/// each changed. *When it cannot tell:* it shows the deferral that the server would answer.
/// *Limits:* conditions in a route are not looked at, every bean in it is run; restrictions on
/// clients and recipients are not asked; tables of the settings at hand, not those that a server
/// has read.
@NullMarked
package org.caravanmta.explain;

import org.jspecify.annotations.NullMarked;
