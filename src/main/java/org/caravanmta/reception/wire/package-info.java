/// The bytes that a client sends (RFC 5321 §2.3.8, §4.5.2), read as command lines, data, chunks,
/// and the header of the PROXY protocol.
///
/// *Place:* between the socket and `reception.session`, which gets the lines and the content.
/// *Decides:* where a line, a message or a header ends, and nothing about mail. *When it cannot
/// tell:* a CR or LF without the other is reported as such ({@link Lines.Bare}, {@link
/// ContentDecoder#bareLf}), unless lines may end with LF alone ({@link Newlines}); a PROXY header
/// that cannot be understood is an {@link Opening#BAD_HEADER}. *Limits:* of a line longer than the
/// limit only the first characters are known; the rest is skipped.
///
/// After DATA a {@link DataDecoder} looks for the dot, after BDAT a {@link ChunkDecoder} counts
/// bytes; both give the content to a {@link ContentDecoder.Sink}, and follow the {@link LineEnds}
/// of the session.
@NullMarked
package org.caravanmta.reception.wire;

import org.jspecify.annotations.NullMarked;
