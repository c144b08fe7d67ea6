/// Content filters that are programs of the operator: the message is their standard input, and what
/// they print is the new message (postfix `FILTER_README`, simple content filter; `pipe(8)`).
///
/// *Place:* a step before the queue or after it, `pipe NAME`. *Decides:* by the exit status, as
/// `sysexits.h` has it:
///
/// | status | |
/// |---|---|
/// | 0 | what it has printed is the message; nothing printed, the message is as it was |
/// | 65 `EX_DATAERR`, 69 `EX_UNAVAILABLE`, 77 `EX_NOPERM` | refused, 554 5.7.1 |
/// | 75 `EX_TEMPFAIL` | refused for now, 451 4.7.1 |
/// | 99 | accepted and dropped, as filters for `qmail-command(8)` say it |
///
/// The first line of its standard error is the text of a refusal, and may begin with a status (RFC
/// 3463). *When it cannot tell:* any other status, a signal, a program that takes too long, prints
/// too much, prints what does not begin with a header section, or has not been given all of the
/// message and prints nothing, has given no answer. *Limits:* lines end with LF for programs, as
/// for those of `delivery.programs`, unless the message is binary. There is a process for each
/// message, and the program sees it once, whatever the number of recipients. A process that it
/// leaves behind in another session outlives it.
@NullMarked
package org.caravanmta.filter.pipe;

import org.jspecify.annotations.NullMarked;
