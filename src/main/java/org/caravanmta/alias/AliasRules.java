package org.caravanmta.alias;

import java.util.Set;

/// What the operator lets aliases, lists and `.forward` files do; see {@link Aliases}, whose
/// components these are.
record AliasRules(
    Set<String> propagate,
    Set<String> commands,
    Set<String> files,
    boolean resetOwner,
    boolean frozen) {}
