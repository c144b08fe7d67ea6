package org.caravanmta.mime.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;

/// An archive of WinRAR: the names of its files, which are unpacked only if they have not been
/// compressed. Here the format of all editions up to the fourth; {@link Rar5} has the other. What
/// its headers say is taken only when the sum of each is right.
record Rar(Entries entries) {
  private static final int SIGNATURE = 7;

  /// What the archives of the fifth edition have after `Rar!`.
  private static final int FIFTH = 0x01;

  /// Kinds of blocks.
  private static final int MAIN = 0x73;

  private static final int FILE = 0x74;
  private static final int SERVICE = 0x7a;
  private static final int END = 0x7b;

  /// Flags of every block: data follows, whose length is in the header.
  private static final int HAS_DATA = 0x8000;

  /// Flags of the archive.
  private static final int VOLUME = 0x01;

  private static final int HEADERS_ENCRYPTED = 0x80;
  private static final int MAIN_LENGTH = 13;

  /// A flag of the archive, and of a file: a comment of old is in the header, and not in its sum.
  private static final int ARCHIVE_COMMENT = 0x02;

  private static final int FILE_COMMENT = 0x08;

  /// Flags of a file.
  private static final int SPLIT = 0x03;

  private static final int ENCRYPTED = 0x04;
  private static final int DIRECTORY = 0xe0;
  private static final int LARGE = 0x100;
  private static final int UNICODE = 0x200;

  /// A flag of the end: there is another volume.
  private static final int NEXT_VOLUME = 0x01;

  /// The method that does nothing.
  private static final int STORED = 0x30;

  /// What every block begins with.
  private static final int COMMON = 7;

  static void read(Entries entries, ContentSpool file) throws IOException, Unreadable {
    byte[] start = file.start(8);
    if (start.length == 8 && start[6] == FIFTH) {
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
          new Streams(entries).rest(file, block.dataAt() + block.data());
          return;
        }
        // comments, streams and sums of old and new: no file
        default -> {}
      }
      at = block.dataAt() + block.data();
    }
  }

  /// @param head all of the header
  /// @param dataAt where the header ends
  /// @param data the bytes of data after it
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
      sum.update(head.slice(2, summed(type, flags, head) - 2));
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

  /// Where the part of a header ends that its sum is of.
  private static int summed(int type, int flags, ByteBuffer head) {
    if (type == MAIN && (flags & ARCHIVE_COMMENT) != 0) {
      return MAIN_LENGTH;
    }
    return type == FILE && (flags & FILE_COMMENT) != 0
        ? nameAt(flags) + Short.toUnsignedInt(head.getShort(26))
        : head.limit();
  }

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
        entries.content(text, new Portion(in, block.data()));
      }
    } else {
      entries.unseen(text);
    }
  }

  /// What a file unpacks to.
  private static long length(Block block) throws IOException {
    long length = unsigned(block.head(), 11);
    if (block.has(LARGE)) {
      length |= unsigned(block.head(), 36) << 32;
    }
    // in the fourth edition all bits are set when nobody knew
    if (length < 0 && length != -1) {
      throw new IOException("a length is negative");
    }
    return Math.max(length, 0);
  }

  private static long unsigned(ByteBuffer head, int at) {
    return Integer.toUnsignedLong(head.getInt(at));
  }
}
