package org.caravanmta.message;

/// What an attempt came to, before anything follows from it: a route that ends with one has
/// forgotten the step that settles it, and with it those recipients who are to be tried again.
public interface Unsettled {}
