package org.caravanmta.mime.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;

/// Finds every header of a zip archive (APPNOTE 4.3) anywhere in a file: those before the entries,
/// which readers of streams use, and those in the central directory, which other readers use. Where
/// the two differ, one reader unpacks what another does not see.
final class ZipScan {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int LOCAL_LENGTH = 30;
  private static final int CENTRAL_LENGTH = 46;
  private static final int END_LENGTH = 22;

  /// The longest comment at the end of an archive, in bytes.
  private static final int LONGEST_COMMENT = 0xffff;

  /// The highest number of a compression method (APPNOTE 4.4.5).
  private static final int LAST_METHOD = 99;

  /// The id of the extra field with the name in UTF-8 (APPNOTE 4.6.9).
  private static final int UNICODE_PATH = 0x7075;

  /// The file is scanned in blocks of so many bytes.
  private static final int BLOCK = 64 * 1024;

  /// How far blocks overlap: at least as many bytes as the longest signature.
  private static final int OVERLAP = 8;

  /// Of each kind, before entries and in central directories: twice as many as there may be
  /// entries.
  private static final int MOST_HEADERS = 20_000;

  private static final byte[] RAR_SIGNATURE = {'R', 'a', 'r', '!', 0x1a, 7};
  private static final byte[] SEVENZIP_SIGNATURE = {'7', 'z', (byte) 0xbc, (byte) 0xaf, 0x27, 0x1c};

  private final List<Header> locals = new ArrayList<>();
  private final List<Header> centrals = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();
  private final ContentSpool file;
  private boolean ends;
  private boolean encrypted;
  private boolean other;

  /// What a header says about its entry.
  ///
  /// @param name in ISO 8859-1, so that names are compared byte by byte
  /// @param method the number of the compression method
  /// @param size the compressed size in bytes; -1 if the header does not give it
  private record Header(String name, int method, long size) {
    /// Whether a header in the central directory may be of the same entry.
    boolean fits(Header central) {
      return name.equals(central.name)
          && method == central.method
          && (size < 0 || central.size < 0 || size == central.size);
    }
  }

  /// Scans a file.
  ///
  /// @throws Unreadable if there are too many headers, or the time is over
  ZipScan(ContentSpool file, BooleanSupplier inTime) throws Unreadable {
    this.file = file;
    ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, file.length() + OVERLAP));
    for (long start = 0; start < file.length(); start += block.capacity() - OVERLAP) {
      block.clear();
      int count = file.read(start, block);
      if (!inTime.getAsBoolean()) {
        throw new Unreadable("archives take too long to read");
      }
      byte[] bytes = block.array();
      for (int i = 0; i + 4 <= count && i < block.capacity() - OVERLAP; i++) {
        switch (bytes[i]) {
          case 'P' -> {
            if (bytes[i + 1] == 'K') {
              readHeader(start + i);
            }
          }
          case 'R' -> other |= start + i > 0 && isAt(RAR_SIGNATURE, bytes, i, count);
          case '7' -> other |= start + i > 0 && isAt(SEVENZIP_SIGNATURE, bytes, i, count);
          default -> {}
        }
      }
    }
  }

  private static boolean isAt(byte[] signature, byte[] bytes, int at, int count) {
    return at + signature.length <= count
        && java.util.Arrays.equals(
            signature, 0, signature.length, bytes, at, at + signature.length);
  }

  private void readHeader(long at) throws Unreadable {
    ByteBuffer head = ByteBuffer.allocate(CENTRAL_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    int count = file.read(at, head);
    int signature = count < 4 ? 0 : head.getInt(0);
    if (signature == LOCAL && count >= LOCAL_LENGTH) {
      int flags = head.getShort(6);
      // bit 3: the sizes follow the content (APPNOTE 4.4.4)
      long size = (flags & 8) != 0 ? -1 : size(head.getInt(18));
      take(locals, at + LOCAL_LENGTH, head.getShort(26), head.getShort(28), head.getShort(8), size);
      encrypted |= (flags & 1) != 0;
    } else if (signature == CENTRAL && count >= CENTRAL_LENGTH) {
      long size = size(head.getInt(20));
      take(
          centrals,
          at + CENTRAL_LENGTH,
          head.getShort(28),
          head.getShort(30),
          head.getShort(10),
          size);
      encrypted |= (head.getShort(8) & 1) != 0;
    } else if (signature == END && count >= END_LENGTH) {
      ends |= file.length() - at <= END_LENGTH + LONGEST_COMMENT;
    }
  }

  /// The size in a field, or -1 if the size is in the Zip64 extra field (APPNOTE 4.5.3).
  private static long size(int field) {
    return field == -1 ? -1 : Integer.toUnsignedLong(field);
  }

  private void take(
      List<Header> headers, long at, short nameLength, short extraLength, int method, long size)
      throws Unreadable {
    int length = Short.toUnsignedInt(nameLength);
    if (length == 0 || at + length > file.length() || method < 0 || method > LAST_METHOD) {
      return;
    }
    if (headers.size() >= MOST_HEADERS) {
      throw new Unreadable("an archive has very many entries");
    }
    byte[] bytes = new byte[length];
    file.read(at, ByteBuffer.wrap(bytes));
    headers.add(new Header(new String(bytes, StandardCharsets.ISO_8859_1), method, size));
    names.add(EntryName.of(bytes));
    unicodeName(at + length, Short.toUnsignedInt(extraLength));
  }

  /// Takes the name in UTF-8 from the extra fields of a header.
  private void unicodeName(long at, int length) {
    byte[] bytes = new byte[(int) Math.min(length, Math.max(file.length() - at, 0))];
    file.read(at, ByteBuffer.wrap(bytes));
    ByteBuffer extra = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int size = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
      if (id == UNICODE_PATH && size > 5) {
        byte[] name =
            java.util.Arrays.copyOfRange(bytes, extra.position() + 5, extra.position() + size);
        names.add(EntryName.of(name));
      }
      extra.position(extra.position() + size);
    }
  }

  /// All names in headers.
  Set<String> names() {
    return names;
  }

  /// Whether the file has any header.
  boolean hasHeaders() {
    return !locals.isEmpty() || !centrals.isEmpty();
  }

  /// Whether the file ends as a zip archive does.
  boolean ends() {
    return ends;
  }

  /// Whether an entry is encrypted.
  boolean encrypted() {
    return encrypted;
  }

  /// Whether an archive of another format begins within the file, not at its start.
  boolean hasOtherArchive() {
    return other;
  }

  /// Whether the central directories list exactly the entries that have headers of their own.
  boolean agrees() {
    var byName = new java.util.HashMap<String, List<Header>>();
    locals.forEach(
        local -> byName.computeIfAbsent(local.name(), _ -> new ArrayList<>()).add(local));
    for (Header central : centrals) {
      List<Header> same = byName.getOrDefault(central.name(), List.of());
      int found = -1;
      for (int i = 0; i < same.size() && found < 0; i++) {
        found = same.get(i).fits(central) ? i : -1;
      }
      if (found < 0) {
        return false;
      }
      same.remove(found);
    }
    return byName.values().stream().allMatch(List::isEmpty);
  }
}
