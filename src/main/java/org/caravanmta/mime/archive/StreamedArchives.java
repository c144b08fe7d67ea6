package org.caravanmta.mime.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveException;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.ArchiveStreamFactory;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.CompressorException;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Unreadable;

/// Reads archives and compressed files in formats that are read from start to end.
record StreamedArchives(Entries entries) {
  /// The bytes of a block of a tar archive (POSIX `ustar`).
  private static final int BLOCK = 512;

  /// Reads a tar archive.
  ///
  /// @throws IOException if it is damaged
  void tar(ContentSpool file) throws IOException, Unreadable {
    try (var tar = new TarArchiveInputStream(file.stream(), "UTF-8")) {
      long[] end = {0};
      entries(tar, () -> end[0] = tar.getBytesRead());
      checkAfterEnd(file, (end[0] + BLOCK - 1) / BLOCK * BLOCK);
    }
  }

  /// Reports a doubt if anything but zero bytes follows the end of an archive, as some unpackers go
  /// on there.
  ///
  /// @param end the offset at which the archive ends
  void checkAfterEnd(ContentSpool file, long end) throws IOException, Unreadable {
    try (InputStream rest = file.stream()) {
      rest.skipNBytes(Math.min(file.length(), end));
      byte[] block = new byte[32 * 1024];
      for (int count = rest.read(block); count >= 0; count = rest.read(block)) {
        entries.unpacked(0);
        for (int i = 0; i < count; i++) {
          if (block[i] != 0) {
            entries.doubt("an archive goes on after its end");
            return;
          }
        }
      }
    }
  }

  /// Reads an archive of another format.
  ///
  /// @param kind the name that Commons Compress has for the format: `cpio`
  /// @throws IOException if it is damaged
  void archive(String kind, ContentSpool file) throws IOException, Unreadable {
    try (ArchiveInputStream<?> in =
        new ArchiveStreamFactory("UTF-8").createArchiveInputStream(kind, file.stream())) {
      entries(in, () -> {});
    } catch (ArchiveException e) {
      throw new IOException(e);
    }
  }

  /// @param ended run after each entry
  private void entries(ArchiveInputStream<?> in, Runnable ended) throws IOException, Unreadable {
    boolean any = false;
    for (ArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
      any = true;
      entries.entry(String.valueOf(entry.getName()));
      entries.declared(entry.getSize());
      if (entry.isDirectory()) {
        ended.run();
        continue;
      }
      if (readable(in, entry)) {
        entries.content(entry.getName(), in);
        in.transferTo(OutputStream.nullOutputStream());
      } else {
        entries.doubt("an entry of an archive cannot be unpacked");
      }
      ended.run();
    }
    if (!any) {
      entries.doubt("an archive has no entry");
    }
  }

  private static <E extends ArchiveEntry> boolean readable(
      ArchiveInputStream<E> in, ArchiveEntry entry) {
    return in.canReadEntryData(entry);
  }

  /// Reads a gzip file, each member of which may give a name for the content (RFC 1952 §2.3.1).
  ///
  /// @param called the names that the content may have because of the file's own name
  void gzip(ContentSpool file, Set<String> called) throws IOException, Unreadable {
    var names = new LinkedHashSet<>(called);
    try (var in =
            GzipCompressorInputStream.builder()
                .setInputStream(file.stream())
                .setDecompressConcatenated(true)
                .setOnMemberStart(
                    member -> {
                      String name = member.getMetaData().getFileName();
                      if (name != null) {
                        names.add(
                            EntryName.of(
                                name.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
                      }
                    })
                .get();
        var content = new ContentSpool()) {
      entries.unpack(in, content);
      entries.compressedFile(names, content);
    }
  }

  /// Reads a compressed file of another format.
  ///
  /// @param kind the name that Commons Compress has for the format: `xz`
  /// @param called the names that the content may have because of the file's own name
  void decompress(String kind, ContentSpool file, Set<String> called)
      throws IOException, Unreadable {
    try (InputStream in =
            new CompressorStreamFactory(true, SevenZip.MOST_MEMORY_KIB)
                .createCompressorInputStream(kind, file.stream());
        var content = new ContentSpool()) {
      entries.unpack(in, content);
      entries.compressedFile(called, content);
    } catch (CompressorException e) {
      throw new IOException(e);
    }
  }
}
