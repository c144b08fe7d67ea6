/// The command `caravan`: starts the server, checks what it would start with, and asks a running
/// one over the control channel.
///
/// *Place:* the operator's shell. *Decides:* exit status 0 done, 1 could not be done (or the server
/// failed), 2 wrong use or wrong settings, tables or routes; one line on standard error for each
/// mistake. *Limits:* the running server is found by its data directory, so the verbs take the same
/// `--config`, `--set` and `--data` as `start`.
@NullMarked
package org.caravanmta.cli;

import org.jspecify.annotations.NullMarked;
