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

/// Archives and compressed files that are read from their start to their end.
record Streams(Entries entries) {
  private static final int BLOCK = 512;

  void tar(ContentSpool file) throws IOException, Unreadable {
    try (var tar = new TarArchiveInputStream(file.stream(), "UTF-8")) {
      long[] end = {0};
      entries(tar, () -> end[0] = tar.getBytesRead());
      rest(file, (end[0] + BLOCK - 1) / BLOCK * BLOCK);
    }
  }

  /// Some go on where an archive has ended, which blocks of nothing follow (POSIX `pax`).
  void rest(ContentSpool file, long end) throws IOException, Unreadable {
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

  void archive(String kind, ContentSpool file) throws IOException, Unreadable {
    try (ArchiveInputStream<?> in =
        new ArchiveStreamFactory("UTF-8").createArchiveInputStream(kind, file.stream())) {
      entries(in, () -> {});
    } catch (ArchiveException e) {
      throw new IOException(e);
    }
  }

  /// @param ended told after each entry
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

  /// Each member of it may bring a name (RFC 1952 §2.3.1).
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
      entries.inside(names, content);
    }
  }

  void decompress(String kind, ContentSpool file, Set<String> called)
      throws IOException, Unreadable {
    try (InputStream in =
            new CompressorStreamFactory(true, SevenZip.MOST_MEMORY_KIB)
                .createCompressorInputStream(kind, file.stream());
        var content = new ContentSpool()) {
      entries.unpack(in, content);
      entries.inside(called, content);
    } catch (CompressorException e) {
      throw new IOException(e);
    }
  }
}
