package org.caravanmta.mime.archive;

import com.github.junrar.Archive;
import com.github.junrar.exception.RarException;
import com.github.junrar.rarfile.FileHeader;
import java.io.IOException;
import java.io.OutputStream;
import org.caravanmta.mime.Spool;
import org.caravanmta.mime.Unreadable;

/// An archive of WinRAR up to its fourth edition.
record Rar(Archives archives) {
  /// What the archives of the fifth edition have after `Rar!`.
  private static final int FIFTH = 0x01;

  static void read(Archives archives, Spool file) throws IOException, Unreadable {
    byte[] start = file.start(8);
    if (start.length == 8 && start[6] == FIFTH) {
      new Rar5(archives).read(file);
    } else {
      new Rar(archives).read(file);
    }
  }

  private void read(Spool file) throws IOException, Unreadable {
    try (var archive = new Archive(file.stream())) {
      if (archive.isEncrypted()) {
        archives.doubt("an archive is encrypted");
      }
      if (archive.getFileHeaders().isEmpty()) {
        archives.doubt("an archive has no entry");
      }
      for (FileHeader entry : archive.getFileHeaders()) {
        archives.entry(entry.getFileName());
        archives.declared(entry.getFullUnpackSize());
      }
      for (FileHeader entry : archive.getFileHeaders()) {
        content(archive, entry);
      }
    } catch (RarException e) {
      throw new IOException(e);
    }
  }

  private void content(Archive archive, FileHeader entry)
      throws IOException, Unreadable, RarException {
    if (entry.isEncrypted()) {
      archives.doubt("an archive has an encrypted entry");
    } else if (entry.isSplitAfter() || entry.isSplitBefore()) {
      archives.doubt("an archive goes on in another");
    } else if (!entry.isDirectory()) {
      try (var content = new Spool()) {
        archive.extractFile(entry, new Bounded(content));
        archives.take(entry.getFileName(), content);
      }
    }
  }

  /// Stops the unpacking of more than there was said to be.
  private final class Bounded extends OutputStream {
    private final Spool content;

    Bounded(Spool content) {
      this.content = content;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        archives.unpacked(count);
      } catch (Unreadable e) {
        throw new IOException(e.getMessage(), e);
      }
      if (content.length() < Archives.MOST_KEPT) {
        content.write(bytes, from, count);
      }
    }
  }
}
