/// The operator's line to a running Caravan: {@link org.caravanmta.control.ControlServer} listens
/// on a free port of 127.0.0.1, {@link org.caravanmta.control.ControlClient} finds it by the file
/// `control` in the data directory, which only its owner can read.
///
/// *Place:* beside the mail. *Decides:* a client that knows the token of that file may use any
/// verb. The request is one line, fields separated by tabs: token, verb, arguments. The response is
/// data: lines of `|` and the fields of a row, `!` and a line about what was wrong, and at the end
/// `=` and the exit status; a tab, line end or backslash inside a field is written `\t`, `\n`,
/// `\r`, `\\`, half of a surrogate pair `\ud800`. *When it cannot tell:* a response without its `=`
/// line is a failure. *Limits:* one request on a connection.
@NullMarked
package org.caravanmta.control;

import org.jspecify.annotations.NullMarked;
