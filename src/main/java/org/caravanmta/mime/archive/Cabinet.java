package org.caravanmta.mime.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;

/// Reads the names of the files in a Windows cabinet (MS-CAB §2); nothing is unpacked.
record Cabinet(Entries entries) {
  /// The bytes of a CFHEADER without its optional fields (MS-CAB §2.1).
  private static final int HEADER = 36;

  /// The bytes of a CFFILE before the name (MS-CAB §2.3).
  private static final int FILE = 16;

  /// In bytes, the NUL at the end included (MS-CAB §2.3).
  private static final int LONGEST_NAME = 256;

  /// The flags of a cabinet that continues another one, or is continued in another.
  private static final int SPLIT = 3;

  /// Reports the names of all files.
  ///
  /// @throws IOException if the cabinet is damaged
  void read(ContentSpool file) throws IOException, Unreadable {
    ByteBuffer head = bytes(file, 0, HEADER);
    long at = Integer.toUnsignedLong(head.getInt(16));
    int count = Short.toUnsignedInt(head.getShort(28));
    if ((head.getShort(30) & SPLIT) != 0) {
      entries.doubt("a cabinet goes on in another");
    }
    if (count == 0) {
      entries.doubt("a cabinet has no files");
    }
    for (int i = 0; i < count; i++) {
      var name = new ByteArrayOutputStream();
      ByteBuffer rest = ByteBuffer.allocate(LONGEST_NAME);
      int got = file.read(at + FILE, rest);
      while (name.size() < got && rest.get(name.size()) != 0) {
        name.write(rest.get(name.size()));
      }
      if (name.size() == got) {
        throw new IOException("the name of a file has no end");
      }
      String text = EntryName.of(name.toByteArray());
      entries.entry(text);
      entries.notUnpacked(text);
      at += FILE + name.size() + 1L;
    }
  }

  /// The bytes of a file from `at` on, little-endian.
  ///
  /// @throws IOException if the file ends before
  static ByteBuffer bytes(ContentSpool file, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    if (file.read(at, bytes) < count) {
      throw new IOException("it ends too early");
    }
    return bytes.flip();
  }
}
