package org.caravanmta.mime.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;

/// Reads an archive of 7-Zip: the names and the content of its entries.
record SevenZip(Entries entries) {
  /// The memory of one decompressor; an archive that needs more cannot be read.
  static final int MOST_MEMORY_KIB = 64 * 1024;

  /// Reports the names of all entries first, then looks into them.
  ///
  /// @throws IOException if the archive is damaged, encrypted, or needs too much memory
  void read(ContentSpool file) throws IOException, Unreadable {
    try (SevenZFile archive =
        SevenZFile.builder()
            .setSeekableByteChannel(new SpoolChannel(file))
            .setMaxMemoryLimitKiB(MOST_MEMORY_KIB)
            .setUseDefaultNameForUnnamedEntries(true)
            .get()) {
      for (SevenZArchiveEntry entry : archive.getEntries()) {
        entries.entry(String.valueOf(entry.getName()));
        entries.declared(entry.getSize());
      }
      for (SevenZArchiveEntry entry = archive.getNextEntry();
          entry != null;
          entry = archive.getNextEntry()) {
        if (entry.hasStream()) {
          entries.content(String.valueOf(entry.getName()), current(archive));
        }
      }
    }
  }

  /// The content of the entry that the archive is at.
  private static InputStream current(SevenZFile archive) {
    return new FilterInputStream(InputStream.nullInputStream()) {
      @Override
      public int read() throws IOException {
        return archive.read();
      }

      @Override
      public int read(byte[] bytes, int from, int count) throws IOException {
        return archive.read(bytes, from, count);
      }
    };
  }
}
