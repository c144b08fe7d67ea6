package org.caravanmta.message;

/// The outcome of a delivery attempt of which nothing has been made yet. A route that ends with one
/// lacks the step that settles it, and recipients who are to be tried again would be lost.
public interface Unsettled {}
