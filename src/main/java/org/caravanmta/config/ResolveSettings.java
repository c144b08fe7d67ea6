package org.caravanmta.config;

/// The section `rewriting.resolve`: which addresses that are none by RFC 5321 mean something.
public record ResolveSettings(
    boolean nullDomain, boolean numericDomain, boolean dequoted, boolean dashes) {}
