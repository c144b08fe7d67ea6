/// The bytes of a session as they come in (RFC 5321 §2.3.8, §4.5.2): command lines, data, chunks,
/// and the header of the PROXY protocol.
///
/// *Place:* under `reception.session`, whose lines and content it reads. *Decides:* where a line, a
/// message or a header ends, and nothing about mail. *When it cannot tell:* a CR or LF without the
/// other is reported as such ({@link Lines.Bare}, {@link ContentDecoder#bareLf}), unless the
/// operator takes LF for a line's end ({@link Newlines}); a PROXY header that cannot be understood
/// is an {@link Opening#BAD_HEADER}. *Limits:* a line longer than the limit is skipped to its end,
/// and only its first letters are known.
///
/// After DATA a {@link DataDecoder} looks for the dot, after BDAT a {@link ChunkDecoder} counts;
/// both give the content to a {@link ContentDecoder.Sink}, and {@link LineEnds} says how lines may
/// end.
@NullMarked
package org.caravanmta.reception.wire;

import org.jspecify.annotations.NullMarked;
