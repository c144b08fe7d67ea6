/// Caravan itself, the only package that sees every stage: {@link org.caravanmta.Caravan} starts
/// and stops it, {@link org.caravanmta.Stages} lists the stages and hands each what it asks of the
/// others, {@link org.caravanmta.Assembly} joins their beans to the operator's routes (`route`) by
/// the `settings`.
@NullMarked
package org.caravanmta;

import org.jspecify.annotations.NullMarked;
