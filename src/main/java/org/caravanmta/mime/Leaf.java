package org.caravanmta.mime;

import java.io.Closeable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The content of a part while its lines come, decoded in each way in which it may be encoded.
final class Leaf implements Closeable {
  private final Head head;
  private final Map<Head.Encoding, ContentSpool> spools = new EnumMap<>(Head.Encoding.class);
  private final Map<Head.Encoding, TransferDecoder> decoders = new EnumMap<>(Head.Encoding.class);
  private boolean lineEnded;

  Leaf(Head head, Set<Head.Encoding> encodings) {
    this.head = head;
    for (Head.Encoding encoding : encodings) {
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

  Head head() {
    return head;
  }

  Map<Head.Encoding, ContentSpool> contents() {
    return spools;
  }

  boolean odd(Head.Encoding encoding) {
    return Objects.requireNonNull(decoders.get(encoding), "not decoded so").odd();
  }

  /// The end of the last line before a delimiter belongs to the delimiter (RFC 2046 §5.1.1).
  void line(LineReader lines) throws IOException {
    for (TransferDecoder decoder : decoders.values()) {
      if (lineEnded) {
        decoder.endOfLine();
      }
      decoder.take(lines.bytes(), 0, lines.length());
    }
    lineEnded = lines.ends();
  }

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
