/// What the nodes of a cluster have in common: their names, and where they find each other.
///
/// *Place:* below the parts of the cluster; {@link org.caravanmta.cluster.lock} says which nodes
/// live. *Decides:* nothing about mail. *Limits:* the settings of one node say nothing about those
/// of another; each is read on its own.
@NullMarked
package org.caravanmta.cluster;

import org.jspecify.annotations.NullMarked;
