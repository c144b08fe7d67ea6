/// The command `caravan`, and `sendmail`.
///
/// *Place:* the operator's shell, and programs that send mail. It starts the server, checks what
/// the server would start with, asks a running server over the control channel, and posts mail into
/// the maildrop. *Decides:* the exit status: 0 done, 1 could not be done, or the server has failed,
/// 2 wrong use, or wrong settings, tables or routes; for `sendmail` that of `sysexits(3)`. There is
/// one line on standard error for each mistake. *When it cannot tell:* `sendmail` says 75, with
/// which programs try again. *Limits:* a running server is found by its data directory, so the
/// commands that ask it take the same `--config`, `--set` and `--data` as `start`.
@NullMarked
package org.caravanmta.cli;

import org.jspecify.annotations.NullMarked;
