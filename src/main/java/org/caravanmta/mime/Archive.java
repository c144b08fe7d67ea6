package org.caravanmta.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/// A zip archive, of which only the names of its entries are read. Bounded: what its entries unpack
/// to is counted over all archives of a message, and nothing unpacked is kept.
public final class Archive {
  private static final int MOST_ENTRIES = 10_000;
  private static final long MOST_BYTES = 256L << 20;

  private final BooleanSupplier inTime;
  private int entries;
  private long unpacked;

  /// @param inTime whether there is time left
  public Archive(BooleanSupplier inTime) {
    this.inTime = inTime;
  }

  /// Shows the name of each entry to `names` until it has seen enough.
  public void read(InputStream content, Predicate<String> names) throws IOException, Unreadable {
    // names that are not UTF-8 are read all the same
    var zip = new ZipInputStream(content, StandardCharsets.ISO_8859_1);
    byte[] block = new byte[32 * 1024];
    try {
      ZipEntry entry = zip.getNextEntry();
      if (entry == null) {
        throw new Unreadable("an archive has no entry that can be read");
      }
      while (entry != null) {
        if (++entries > MOST_ENTRIES) {
          throw new Unreadable("archives have more than " + MOST_ENTRIES + " entries");
        }
        if (!names.test(name(entry))) {
          return;
        }
        for (int count = zip.read(block); count >= 0; count = zip.read(block)) {
          unpacked += count;
          if (unpacked > MOST_BYTES) {
            throw new Unreadable("archives unpack to more than " + MOST_BYTES + " bytes");
          }
          if (!inTime.getAsBoolean()) {
            throw new Unreadable("archives take too long to unpack");
          }
        }
        entry = zip.getNextEntry();
      }
    } catch (ZipException | java.io.EOFException | IllegalArgumentException e) {
      throw new Unreadable("an archive cannot be read: " + e.getMessage());
    }
  }

  private static String name(ZipEntry entry) {
    byte[] bytes = entry.getName().getBytes(StandardCharsets.ISO_8859_1);
    var text = new String(bytes, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0 ? text : entry.getName();
  }
}
