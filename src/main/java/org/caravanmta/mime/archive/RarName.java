package org.caravanmta.mime.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/// What a file in an archive of WinRAR up to its fourth edition is called: bytes of some character
/// set, and, when the archive says so, the same name in Unicode after a NUL, as its difference from
/// those bytes.
final class RarName {
  /// The longest that Unicode names of files get in any system.
  private static final int MOST = 2048;

  private final byte[] plain;
  private final ByteBuffer coded;
  private final StringBuilder name = new StringBuilder();

  private RarName(byte[] plain, ByteBuffer coded) {
    this.plain = plain;
    this.coded = coded;
  }

  /// All that a program may call it, the likeliest last.
  ///
  /// @throws IOException if its Unicode form ends within a character
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

  /// Two bits say what each step is; the upper byte of most characters is the same.
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
        default -> same(upper);
      }
    }
    return name.toString();
  }

  /// A run of the plain name's characters, moved by a number or as they are.
  private void same(int upper) throws IOException {
    int length = next();
    int moved = length > 127 ? next() : 0;
    for (int i = (length & 127) + 2; i > 0 && name.length() < plain.length; i--) {
      int c = plain[name.length()] & 0xff;
      name.append((char) (length > 127 ? upper | c + moved & 0xff : c));
    }
  }

  private int next() throws IOException {
    if (!coded.hasRemaining()) {
      throw new IOException("the Unicode form of a name has no end");
    }
    return coded.get() & 0xff;
  }
}
