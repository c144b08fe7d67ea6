/// The lines of the log: {@link org.caravanmta.log.LineEncoder} writes each, in the form that the
/// setting `log.format` names.
///
/// *Place:* where every logger's line leaves the process, libraries' and route steps' included;
/// what lines say of mail is made in {@code org.caravanmta.event}. *Decides:* that an event is one
/// line, with nothing in it that could control a terminal or look like another line ({@link
/// org.caravanmta.message.Printable}); a stack trace has a line for each of its calls. *Limits:* a
/// `logback.configurationFile` of the operator's is as safe as the encoder that it names. In
/// Postfix's form one process writes for all of Postfix's programs, so the number in brackets is
/// always the same.
@NullMarked
package org.caravanmta.log;

import org.jspecify.annotations.NullMarked;
