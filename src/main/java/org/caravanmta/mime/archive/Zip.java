package org.caravanmta.mime.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Enumeration;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;

/// Reads a zip archive (APPNOTE 4.3) by its central directory, after comparing that with the
/// headers before the entries.
record Zip(Entries entries) {
  /// Reports the names of all entries, and looks into them.
  ///
  /// @param scan all headers in the file
  /// @throws IOException if the archive is damaged
  void read(ContentSpool file, ZipScan scan) throws IOException, Unreadable {
    for (String name : scan.names()) {
      entries.entry(name);
    }
    if (scan.encrypted()) {
      entries.doubt("an archive has an encrypted entry");
    }
    if (!scan.agrees()) {
      entries.doubt("an archive has entries that are not in its directory, or the other way round");
    }
    try (ZipFile zip =
        ZipFile.builder()
            .setSeekableByteChannel(new SpoolChannel(file))
            .setUseUnicodeExtraFields(true)
            .get()) {
      if (zip.getFirstLocalFileHeaderOffset() > 0) {
        entries.doubt("an archive has other bytes before it");
      }
      if (!zip.getEntries().hasMoreElements()) {
        entries.doubt("an archive has no entry");
      }
      for (Enumeration<ZipArchiveEntry> all = zip.getEntries(); all.hasMoreElements(); ) {
        ZipArchiveEntry entry = all.nextElement();
        if (!scan.names().contains(entry.getName())) {
          entries.entry(entry.getName());
        }
        if (!entry.isDirectory()) {
          content(zip, entry);
        }
      }
    }
  }

  private void content(ZipFile zip, ZipArchiveEntry entry) throws IOException, Unreadable {
    entries.declared(entry.getSize());
    if (entry.getGeneralPurposeBit().usesEncryption()) {
      return;
    }
    if (!zip.canReadEntryData(entry)) {
      entries.doubt("an entry of an archive cannot be unpacked");
      return;
    }
    try (InputStream content = zip.getInputStream(entry)) {
      entries.content(entry.getName(), content);
    }
  }
}
