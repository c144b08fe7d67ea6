package org.caravanmta.mime.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// Decodes the name of a file in an archive of WinRAR before version 5: bytes in some charset and,
/// if the header says so, the same name in Unicode after a NUL, encoded as its difference from
/// those bytes.
final class RarName {
  /// Characters; no file system has longer names.
  private static final int MOST = 2048;

  private final byte[] plain;
  private final ByteBuffer coded;
  private final StringBuilder name = new StringBuilder();

  private RarName(byte[] plain, ByteBuffer coded) {
    this.plain = plain;
    this.coded = coded;
  }

  /// All names that a program may give the file, the most likely last.
  ///
  /// @param unicode whether the header says that the name is also given in Unicode
  /// @throws IOException if the Unicode form ends within a character
  static List<String> of(byte[] bytes, boolean unicode) throws IOException {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    byte[] plain = Arrays.copyOf(bytes, end);
    String text = EntryName.of(plain);
    if (!unicode || end >= bytes.length - 1) {
      return List.of(text);
    }
    var coded = ByteBuffer.wrap(bytes, end + 1, bytes.length - end - 1);
    return List.of(text, new RarName(plain, coded).decoded());
  }

  /// Decodes the Unicode form: two bits say what the next step is; most characters share one upper
  /// byte.
  private String decoded() throws IOException {
    int upper = next() << 8;
    int steps = 0;
    int left = 0;
    while (coded.hasRemaining() && name.length() < MOST) {
      if (left == 0) {
        steps = next();
        left = 4;
        if (!coded.hasRemaining()) {
          break;
        }
      }
      left--;
      switch (steps >> 2 * left & 3) {
        case 0 -> name.append((char) next());
        case 1 -> name.append((char) (upper | next()));
        case 2 -> name.append((char) (next() | next() << 8));
        default -> appendRun(upper);
      }
    }
    return name.toString();
  }

  /// Appends a run of characters of the plain name, as they are or each with a number added.
  private void appendRun(int upper) throws IOException {
    int length = next();
    int shift = length > 127 ? next() : 0;
    for (int i = (length & 127) + 2; i > 0 && name.length() < plain.length; i--) {
      int c = plain[name.length()] & 0xff;
      name.append((char) (length > 127 ? upper | c + shift & 0xff : c));
    }
  }

  private int next() throws IOException {
    if (!coded.hasRemaining()) {
      throw new IOException("the Unicode form of a name has no end");
    }
    return coded.get() & 0xff;
  }
}
