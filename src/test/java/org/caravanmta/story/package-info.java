/// Whole tales, told by a Caravan in a process of its own: real sockets, a real broker in a
/// temporary directory, real kills. {@link org.caravanmta.story.Server} runs it, {@link
/// org.caravanmta.story.Talk} speaks SMTP to it, {@link org.caravanmta.story.Load} sends it much
/// mail and remembers every 250, {@link org.caravanmta.story.Sink} is where relayed mail ends.
@NullMarked
package org.caravanmta.story;

import org.jspecify.annotations.NullMarked;
