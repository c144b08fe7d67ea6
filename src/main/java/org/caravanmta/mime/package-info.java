/// The parts of a MIME message (RFC 2045, RFC 2046), decoded: what an attachment is called, what it
/// is said to be, and what it is.
///
/// Still encoded, too: where in its structure each line stands ({@link
/// org.caravanmta.mime.MimeStructure}), and what a seven-bit server gets of it ({@link
/// org.caravanmta.mime.SevenBit}).
///
/// *Place:* below checks, and below the client that sends. *Decides:* nothing. *When it cannot
/// tell:* mail readers do not agree about much of what is not quite as it should be: parameters,
/// encoded words, boundaries, header sections without an end, encodings. {@link
/// org.caravanmta.mime.Parts} shows everything that any of them may find; where it cannot be known,
/// it reports a doubt and goes on, or ends with {@link org.caravanmta.mime.Unreadable}: the
/// structure is too deep, has too many parts, or too long fields. {@link
/// org.caravanmta.mime.MimeStructure} has one reading, that of Postfix.
///
/// *Limits:* encrypted content, and content inside a signature that wraps it, is not looked into.
/// Names in charsets that Java does not know, and BinHex, are doubts. Archives are for {@link
/// org.caravanmta.mime.archive}.
@NullMarked
package org.caravanmta.mime;

import org.jspecify.annotations.NullMarked;
