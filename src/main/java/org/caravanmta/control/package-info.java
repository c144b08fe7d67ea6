/// The control channel, by which the operator asks and commands a running Caravan. {@link
/// org.caravanmta.control.ControlServer} listens on a free port of 127.0.0.1; {@link
/// org.caravanmta.control.ControlClient} finds it by the file `control` in the data directory,
/// which only its owner can read.
///
/// *Place:* apart from the flow of mail. *Decides:* that a client which knows the token in that
/// file may use every verb, and nobody else may use any. The request is one line of fields
/// separated by tabs: token, verb, arguments. The response is data: lines of `|` and the fields of
/// a row, lines of `!` and what was wrong, and at the end `=` and the exit status. In a field, a
/// tab, line end or backslash is written `\t`, `\n`, `\r`, `\\`, half of a surrogate pair `\ud800`.
/// *When it cannot tell:* a response without its `=` line is a failure. *Limits:* one request on
/// each connection.
@NullMarked
package org.caravanmta.control;

import org.jspecify.annotations.NullMarked;
