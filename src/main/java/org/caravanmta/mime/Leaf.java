package org.caravanmta.mime;

import java.io.Closeable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The content of a leaf part while it is being read, decoded in each way in which it may be
/// encoded.
final class Leaf implements Closeable {
  private final MimeHeader head;
  private final Map<MimeHeader.Encoding, ContentSpool> spools =
      new EnumMap<>(MimeHeader.Encoding.class);
  private final Map<MimeHeader.Encoding, TransferDecoder> decoders =
      new EnumMap<>(MimeHeader.Encoding.class);
  private boolean lineEnded;

  Leaf(MimeHeader head, Set<MimeHeader.Encoding> encodings) {
    this.head = head;
    for (MimeHeader.Encoding encoding : encodings) {
      var spool = new ContentSpool();
      spools.put(encoding, spool);
      decoders.put(
          encoding,
          switch (encoding) {
            case PLAIN, UUENCODE -> new TransferDecoder.Plain(spool);
            case BASE64 -> new TransferDecoder.Base64(spool);
            case QUOTED_PRINTABLE -> new TransferDecoder.QuotedPrintable(spool);
          });
    }
  }

  /// The header section of the part.
  MimeHeader head() {
    return head;
  }

  /// The decoded content, for each encoding that it may have.
  Map<MimeHeader.Encoding, ContentSpool> contents() {
    return spools;
  }

  /// Whether other decoders of this encoding may find other bytes, see {@link TransferDecoder#odd}.
  boolean odd(MimeHeader.Encoding encoding) {
    return Objects.requireNonNull(decoders.get(encoding), "not decoded so").odd();
  }

  /// Takes a line, or a piece of one. Its end is passed on with the next line, as the end of the
  /// last line before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
  void line(LineReader lines) throws IOException {
    for (TransferDecoder decoder : decoders.values()) {
      if (lineEnded) {
        decoder.endOfLine();
      }
      decoder.take(lines.bytes(), 0, lines.length());
    }
    lineEnded = lines.ends();
  }

  /// Ends the content, before it is looked at.
  void finish() throws IOException {
    for (TransferDecoder decoder : decoders.values()) {
      decoder.finish();
    }
  }

  @Override
  public void close() {
    spools.values().forEach(ContentSpool::close);
  }
}
