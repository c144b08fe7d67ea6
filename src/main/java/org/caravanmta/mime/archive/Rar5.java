package org.caravanmta.mime.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;

/// Reads an archive of WinRAR version 5 ("RAR 5.0 archive format"): the names of its files, and the
/// content of those that are stored without compression.
record Rar5(Entries entries) {
  /// The length of the signature.
  private static final int SIGNATURE = 8;

  /// Types of headers.
  private static final int MAIN = 1;

  private static final int FILE = 2;
  private static final int ENCRYPTION = 4;
  private static final int END = 5;

  /// The longest header that the format allows, in bytes.
  private static final int LONGEST = 2 << 20;

  /// Reports the names of all files, and looks into those that are not compressed.
  ///
  /// @throws IOException if the archive is damaged
  void read(ContentSpool file) throws IOException, Unreadable {
    boolean any = false;
    long at = SIGNATURE;
    while (true) {
      ByteBuffer start = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      int got = file.read(at, start);
      start.flip();
      if (got < 6) {
        throw new IOException("it has no end");
      }
      start.position(4);
      long size = number(start);
      if (size < 1 || size > LONGEST) {
        throw new IOException("a header of " + size + " bytes");
      }
      long from = at + start.position();
      ByteBuffer head = Cabinet.bytes(file, from, (int) size);
      int sum = Cabinet.bytes(file, at, 4).getInt();
      if (sum != sum(Cabinet.bytes(file, at + 4, (int) (from + size - at - 4)))) {
        throw new IOException("the sum of a header is wrong");
      }
      long type = number(head);
      long flags = number(head);
      long extra = (flags & 1) != 0 ? number(head) : 0;
      long data = (flags & 2) != 0 ? number(head) : 0;
      if (data < 0 || extra < 0 || extra > size) {
        throw new IOException("a length is negative");
      }
      if (type == ENCRYPTION) {
        entries.doubt("an archive is encrypted");
        return;
      }
      if (type == MAIN && (number(head) & 1) != 0 || (flags & 0x18) != 0) {
        entries.doubt("an archive goes on in another");
      }
      if (type == FILE) {
        any = true;
        file(file, head, (int) (size - extra), from + size, data);
      }
      if (type == END) {
        if ((number(head) & 1) != 0) {
          entries.doubt("an archive goes on in another");
        }
        new StreamedArchives(entries).checkAfterEnd(file, from + size);
        break;
      }
      at = from + size + data;
    }
    if (!any) {
      entries.doubt("an archive has no entry");
    }
  }

  private void file(ContentSpool file, ByteBuffer head, int extraAt, long dataAt, long dataLength)
      throws IOException, Unreadable {
    long flags = number(head);
    entries.declared(number(head));
    number(head);
    head.position(head.position() + ((flags & 2) != 0 ? 4 : 0) + ((flags & 4) != 0 ? 4 : 0));
    long compression = number(head);
    number(head);
    long length = number(head);
    if (length < 0 || length > head.remaining()) {
      throw new IOException("a name is longer than its header");
    }
    byte[] name = new byte[(int) length];
    head.get(name);
    String text = EntryName.of(name);
    entries.entry(text);
    if (encrypted(head, extraAt)) {
      entries.doubt("an archive has an encrypted entry");
    } else if ((compression >> 7 & 7) == 0) {
      if (file.length() - dataAt < dataLength) {
        throw new IOException("it ends too early");
      }
      try (var in = file.stream()) {
        in.skipNBytes(dataAt);
        entries.content(text, new LimitedStream(in, dataLength));
      }
    } else {
      entries.notUnpacked(text);
    }
  }

  private static int sum(ByteBuffer bytes) {
    var sum = new CRC32();
    sum.update(bytes);
    return (int) sum.getValue();
  }

  /// Whether the extra area at the end of a file's header has an encryption record, which is type
  /// 1.
  private static boolean encrypted(ByteBuffer head, int extraAt) throws IOException {
    head.position(Math.min(Math.max(extraAt, head.position()), head.limit()));
    while (head.hasRemaining()) {
      long size = number(head);
      int start = head.position();
      if (size < 1 || size > head.remaining()) {
        throw new IOException("a record is longer than its header");
      }
      if (number(head) == 1) {
        return true;
      }
      head.position(start + (int) size);
    }
    return false;
  }

  /// A number of seven bits in each byte, the lowest first; all bytes but the last have the high
  /// bit set.
  private static long number(ByteBuffer bytes) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 63 && bytes.hasRemaining(); shift += 7) {
      byte b = bytes.get();
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IOException("a number has no end");
  }
}
