/// What is common to all stages of the mail flow: what they are made from ({@link
/// org.caravanmta.stage.House}), what they offer to routes ({@link org.caravanmta.stage.Stage}),
/// and how they say why the server does not start ({@link org.caravanmta.stage.Problem}).
@NullMarked
package org.caravanmta.stage;

import org.jspecify.annotations.NullMarked;
