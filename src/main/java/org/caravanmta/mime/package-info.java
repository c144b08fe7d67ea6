/// The parts of a MIME message (RFC 2045, RFC 2046), decoded: what an attachment is called, what
/// type it is declared to be, and what its bytes are.
///
/// The package also reads messages without decoding them: {@link org.caravanmta.mime.MimeStructure}
/// tells where in the structure of a message each line stands, and {@link
/// org.caravanmta.mime.SevenBit} converts a message for a server that takes seven-bit content only.
///
/// *Place:* called by the attachment checks, and by the client that sends. *Decides:* nothing.
/// *When it cannot tell:* mail readers disagree about parameters, encoded words, boundaries, header
/// sections without an end, and encodings, as soon as these are not quite what the standards ask
/// for. {@link org.caravanmta.mime.Parts} shows everything that any mail reader may find; where
/// that cannot be known, it reports a doubt and goes on, or throws {@link
/// org.caravanmta.mime.Unreadable} if the structure is too deep, has too many parts, or has fields
/// that are too long. {@link org.caravanmta.mime.MimeStructure} has one reading, that of Postfix.
///
/// *Limits:* encrypted content, and content inside an opaque signature (`application/pkcs7-mime`),
/// is not looked into. Names in charsets that Java does not know, and files in BinHex, are reported
/// as doubts. Archives are read by {@link org.caravanmta.mime.archive}.
@NullMarked
package org.caravanmta.mime;

import org.jspecify.annotations.NullMarked;
