/// What stages have in common with the server that runs them.
@NullMarked
package org.caravanmta.stage;

import org.jspecify.annotations.NullMarked;
