package org.caravanmta.mime.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;

/// Reads an archive of WinRAR in the format of versions 1.5 to 4: the names of its files, and the
/// content of those that are stored without compression; {@link Rar5} reads the format of version
/// 5. A header counts only if its checksum is right.
record Rar(Entries entries) {
  /// The length of the signature, `Rar!` and three bytes.
  private static final int SIGNATURE = 7;

  /// The seventh byte of the signature in the format of version 5.
  private static final int VERSION_5 = 0x01;

  /// Types of blocks.
  private static final int MAIN = 0x73;

  private static final int FILE = 0x74;
  private static final int SERVICE = 0x7a;
  private static final int END = 0x7b;

  /// A flag of every block: data follows the header, which gives its length.
  private static final int HAS_DATA = 0x8000;

  /// Flags of the archive.
  private static final int VOLUME = 0x01;

  private static final int HEADERS_ENCRYPTED = 0x80;

  /// The length of the header of the archive without a comment.
  private static final int MAIN_LENGTH = 13;

  /// Flags of the archive and of a file: the header ends in a comment in an old form, which its
  /// checksum does not cover.
  private static final int ARCHIVE_COMMENT = 0x02;

  private static final int FILE_COMMENT = 0x08;

  /// Flags of a file. `SPLIT`: it continues from the previous volume, or in the next one.
  private static final int SPLIT = 0x03;

  private static final int ENCRYPTED = 0x04;

  /// All of these bits are set for a directory.
  private static final int DIRECTORY = 0xe0;

  /// The header has the upper halves of 64-bit lengths.
  private static final int LARGE = 0x100;

  /// The name is also given in Unicode, see {@link RarName}.
  private static final int UNICODE = 0x200;

  /// A flag of the last block: the archive continues in another volume.
  private static final int NEXT_VOLUME = 0x01;

  /// The method of a file that is not compressed.
  private static final int STORED = 0x30;

  /// The bytes that every header begins with: checksum, type, flags, length.
  private static final int COMMON = 7;

  /// Reads an archive of either format.
  ///
  /// @throws IOException if it is damaged
  static void read(Entries entries, ContentSpool file) throws IOException, Unreadable {
    byte[] start = file.start(8);
    if (start.length == 8 && start[6] == VERSION_5) {
      new Rar5(entries).read(file);
    } else {
      new Rar(entries).read(file);
    }
  }

  private void read(ContentSpool file) throws IOException, Unreadable {
    if (Cabinet.bytes(file, 0, SIGNATURE).get(SIGNATURE - 1) != 0) {
      throw new IOException("an edition that is not known");
    }
    boolean any = false;
    long at = SIGNATURE;
    while (true) {
      Block block = block(file, at);
      if (at == SIGNATURE && block.type() != MAIN) {
        throw new IOException("it does not begin as one");
      }
      switch (block.type()) {
        case MAIN -> {
          if (block.has(VOLUME)) {
            entries.doubt("an archive goes on in another");
          }
          if (block.has(HEADERS_ENCRYPTED)) {
            entries.doubt("an archive is encrypted");
            return;
          }
        }
        case FILE -> {
          any = true;
          file(file, block);
        }
        case END -> {
          if (block.has(NEXT_VOLUME)) {
            entries.doubt("an archive goes on in another");
          }
          if (!any) {
            entries.doubt("an archive has no entry");
          }
          new StreamedArchives(entries).checkAfterEnd(file, block.dataAt() + block.data());
          return;
        }
        // comments, streams and checksums: not files
        default -> {}
      }
      at = block.dataAt() + block.data();
    }
  }

  /// A block: a header, and data after it.
  ///
  /// @param head the whole header
  /// @param dataAt the offset of the data, where the header ends
  /// @param data the length of the data in bytes
  private record Block(int type, int flags, ByteBuffer head, long dataAt, long data) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  private static Block block(ContentSpool file, long at) throws IOException {
    ByteBuffer start = Cabinet.bytes(file, at, COMMON);
    int type = start.get(2) & 0xff;
    int flags = Short.toUnsignedInt(start.getShort(3));
    int size = Short.toUnsignedInt(start.getShort(5));
    if (size < COMMON) {
      throw new IOException("a header of " + size + " bytes");
    }
    ByteBuffer head = Cabinet.bytes(file, at, size).order(ByteOrder.LITTLE_ENDIAN);
    try {
      var sum = new CRC32();
      sum.update(head.slice(2, checked(type, flags, head) - 2));
      if ((short) sum.getValue() != head.getShort(0)) {
        throw new IOException("the sum of a header is wrong");
      }
      long data = (flags & HAS_DATA) != 0 || type == FILE ? unsigned(head, 7) : 0;
      if ((type == FILE || type == SERVICE) && (flags & LARGE) != 0) {
        data |= unsigned(head, 32) << 32;
      }
      if (data < 0) {
        throw new IOException("a length is negative");
      }
      return new Block(type, flags, head, at + size, data);
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("a header of " + size + " bytes", e);
    }
  }

  /// The offset at which the part of the header ends that its checksum covers.
  private static int checked(int type, int flags, ByteBuffer head) {
    if (type == MAIN && (flags & ARCHIVE_COMMENT) != 0) {
      return MAIN_LENGTH;
    }
    return type == FILE && (flags & FILE_COMMENT) != 0
        ? nameAt(flags) + Short.toUnsignedInt(head.getShort(26))
        : head.limit();
  }

  /// The offset of the name in the header of a file.
  private static int nameAt(int flags) {
    return (flags & LARGE) != 0 ? 40 : 32;
  }

  private void file(ContentSpool file, Block block) throws IOException, Unreadable {
    ByteBuffer head = block.head();
    byte[] name;
    try {
      name = new byte[Short.toUnsignedInt(head.getShort(26))];
      head.get(nameAt(block.flags()), name);
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("a name is longer than its header", e);
    }
    String text = "";
    for (String each : RarName.of(name, block.has(UNICODE))) {
      entries.entry(each);
      text = each;
    }
    entries.declared(length(block));
    if (block.has(ENCRYPTED)) {
      entries.doubt("an archive has an encrypted entry");
    } else if (block.has(SPLIT)) {
      entries.doubt("an archive goes on in another");
    } else if ((block.flags() & DIRECTORY) == DIRECTORY && block.data() == 0) {
      return;
    } else if (head.get(25) == STORED) {
      if (file.length() - block.dataAt() < block.data()) {
        throw new IOException("it ends too early");
      }
      try (var in = file.stream()) {
        in.skipNBytes(block.dataAt());
        entries.content(text, new LimitedStream(in, block.data()));
      }
    } else {
      entries.notUnpacked(text);
    }
  }

  /// The unpacked size that a file declares, 0 if it is not known.
  private static long length(Block block) throws IOException {
    long length = unsigned(block.head(), 11);
    if (block.has(LARGE)) {
      length |= unsigned(block.head(), 36) << 32;
    }
    // version 4 sets all bits if the size was not known
    if (length < 0 && length != -1) {
      throw new IOException("a length is negative");
    }
    return Math.max(length, 0);
  }

  private static long unsigned(ByteBuffer head, int at) {
    return Integer.toUnsignedLong(head.getInt(at));
  }
}
