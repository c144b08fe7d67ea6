package org.caravanmta.mime.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;

/// Reads `winmail.dat`, the file in which Outlook wraps attachments (MS-OXTNEF §2.1): the names of
/// the files in it, and their content.
record Tnef(Entries entries) {
  /// The bytes of the signature and the key (MS-OXTNEF §2.1.1).
  private static final int HEADER = 6;

  /// The bytes of level, id and length before an attribute, and of the checksum after it (MS-OXTNEF
  /// §2.1.2).
  private static final int ATTRIBUTE = 9;

  private static final int CHECKSUM = 2;

  /// Attributes of an attachment: its name, its content, and its MAPI properties.
  private static final int TITLE = 0x8010;

  private static final int DATA = 0x800f;
  private static final int PROPERTIES = 0x9005;

  private static final int SIGNATURE = 0x223e9f78;

  /// How many bytes of a property are read for a name; the content of the file may be a property as
  /// well.
  private static final int LONGEST_VALUE = 4096;

  /// The bit of a property type that says that it has several values.
  private static final int MULTIPLE = 0x1000;

  /// Reports the names of all files, and looks into them.
  ///
  /// @throws IOException if the file is damaged
  void read(ContentSpool file) throws IOException, Unreadable {
    read(file, 0, file.length());
  }

  private void read(ContentSpool file, long from, long to) throws IOException, Unreadable {
    long at = from + HEADER;
    while (at < to) {
      ByteBuffer head = Cabinet.bytes(file, at, ATTRIBUTE);
      int id = Short.toUnsignedInt(head.getShort(1));
      long length = Integer.toUnsignedLong(head.getInt(5));
      long start = at + ATTRIBUTE;
      at = start + length + CHECKSUM;
      if (at > to) {
        throw new IOException("an attribute is longer than what it is in");
      }
      switch (id) {
        case TITLE ->
            name(Cabinet.bytes(file, start, (int) Math.min(length, LONGEST_VALUE)).array());
        case DATA -> content(file, start, length);
        case PROPERTIES -> properties(file, start, start + length);
        default -> {}
      }
    }
  }

  private void name(byte[] bytes) throws Unreadable {
    String text = EntryName.of(bytes);
    int end = text.indexOf('\0');
    String name = end < 0 ? text : text.substring(0, end);
    if (!name.isBlank()) {
      entries.entry(name);
    }
  }

  private void content(ContentSpool file, long from, long length) throws IOException, Unreadable {
    try (InputStream in = file.stream()) {
      in.skipNBytes(from);
      entries.content("", new LimitedStream(in, length));
    }
  }

  /// Reads the MAPI properties of an attachment (MS-OXTNEF §2.1.3.4).
  private void properties(ContentSpool file, long from, long to) throws IOException, Unreadable {
    var cursor = new Cursor(file, from, to);
    long count = cursor.number();
    for (long i = 0; i < count; i++) {
      int tag = (int) cursor.number();
      int type = tag & 0xffff;
      int id = tag >>> 16;
      if (id >= 0x8000) {
        cursor.skip(16);
        if (cursor.number() == 0) {
          cursor.skip(4);
        } else {
          cursor.skip(padded(cursor.number()));
        }
      }
      switch (type & ~MULTIPLE) {
        case 0x0d, 0x1e, 0x1f, 0x102 -> {
          long values = cursor.number();
          for (long j = 0; j < values; j++) {
            long length = cursor.number();
            value(file, id, type, cursor.at, length);
            cursor.skip(padded(length));
          }
        }
        default -> {
          long values = (type & MULTIPLE) != 0 ? cursor.number() : 1;
          cursor.skip(values * width(type & ~MULTIPLE));
        }
      }
    }
  }

  /// The bytes that a value of a fixed-size type takes.
  private static int width(int type) throws IOException {
    return switch (type) {
      case 1, 2, 3, 4, 0x0a, 0x0b -> 4;
      case 5, 6, 7, 0x14, 0x40 -> 8;
      case 0x48 -> 16;
      default -> throw new IOException("a property of type " + type);
    };
  }

  private void value(ContentSpool file, int id, int type, long at, long length)
      throws IOException, Unreadable {
    switch (id) {
      // short and long file name, display name, long path name
      case 0x3704, 0x3707, 0x3001, 0x370c -> {
        byte[] bytes = Cabinet.bytes(file, at, (int) Math.min(length, LONGEST_VALUE)).array();
        name(
            type == 0x1f
                ? new String(bytes, StandardCharsets.UTF_16LE).getBytes(StandardCharsets.UTF_8)
                : bytes);
      }
      case 0x3701 -> {
        // 16 bytes of interface id come first; an attached message is in this format again
        boolean message =
            length > 16 + HEADER && Cabinet.bytes(file, at + 16, 4).getInt(0) == SIGNATURE;
        if (message) {
          entries.enter();
          read(file, at + 16, at + length);
          entries.leave();
        } else {
          content(file, at, length);
        }
      }
      default -> {}
    }
  }

  /// A length rounded up to a multiple of four.
  private static long padded(long length) {
    return length + 3 & ~3L;
  }

  /// A position in a spool that moves over properties.
  private static final class Cursor {
    private final ContentSpool file;
    private final long end;
    private long at;

    Cursor(ContentSpool file, long at, long end) {
      this.file = file;
      this.at = at;
      this.end = end;
    }

    /// The next unsigned 32-bit number.
    long number() throws IOException {
      ByteBuffer four = Cabinet.bytes(file, at, 4).order(ByteOrder.LITTLE_ENDIAN);
      skip(4);
      return Integer.toUnsignedLong(four.getInt(0));
    }

    void skip(long count) throws IOException {
      at += count;
      if (count < 0 || at > end) {
        throw new IOException("a property is longer than what it is in");
      }
    }
  }
}
