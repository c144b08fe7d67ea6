package org.caravanmta.mime.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Decodes the name of an entry: as UTF-8 if it is valid UTF-8, otherwise as ISO 8859-1, since most
/// formats do not say which charset it is.
final class EntryName {
  private EntryName() {}

  static String of(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
