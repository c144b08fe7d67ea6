package org.caravanmta.mime.archive;

import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.Magic;
import org.caravanmta.mime.Unreadable;

/// Reads the names of the entries of the archives in one message, and of archives within those. It
/// recognizes an archive by its first bytes, whatever it is called.
public final class Archives {
  /// The offset of the checksum in the first block of a tar archive (POSIX `ustar`).
  private static final int CHECKSUM = 148;

  /// Names of files that their programs open as zip archives, whatever comes before the first
  /// entry.
  private static final Pattern CALLED_ZIP =
      Pattern.compile(
          "(?i)\\.(zip|zipx|jar|war|ear|apk|xpi|docx|docm|xlsx|xlsm|pptx|pptm|od[tsp])$");

  /// Names of files that are a single compressed file.
  private static final Pattern COMPRESSED = Pattern.compile("(?i)\\.(gz|bz2|xz|lzma|z|zst|lz4)$");

  private final BooleanSupplier inTime;
  private final Entries entries;

  /// @param inTime whether there is time left
  /// @param doubts told of what an unpacker may find and we do not
  /// @param names receives every name that an entry may get, and answers whether to go on
  public Archives(BooleanSupplier inTime, Consumer<String> doubts, Predicate<String> names) {
    this.inTime = inTime;
    this.entries = new Entries(inTime, doubts, names, this::lookInside);
  }

  /// Looks at a file, which need not be an archive.
  ///
  /// @param called the names that the file may have
  /// @return whether to go on to the next file
  /// @throws Unreadable if a limit of this package is exceeded or the time is over
  public boolean look(ContentSpool file, Set<String> called) throws Unreadable {
    try {
      lookInside(file, called);
      return true;
    } catch (Entries.Enough e) {
      return false;
    }
  }

  private void lookInside(ContentSpool file, Set<String> called) throws Unreadable {
    Optional<Magic> magic = Magic.of(file.start(Magic.LENGTH));
    try {
      if (magic.filter(Entries::picture).isEmpty()) {
        var zip = new ZipScan(file, inTime);
        if (magic.filter(Magic.ZIP::equals).isPresent()
            || zip.ends() && magic.filter(Archives::isArchive).isEmpty()
            || zip.hasHeaders()
                && called.stream().anyMatch(name -> CALLED_ZIP.matcher(name).find())) {
          entries.enter();
          new Zip(entries).read(file, zip);
          entries.leave();
          return;
        }
        for (String name : zip.names()) {
          entries.entry(name);
        }
        if (zip.hasOtherArchive() && magic.filter(Archives::isArchive).isEmpty()) {
          entries.doubt("an archive has other bytes before it");
        }
      }
      if (magic.isPresent() && isArchive(magic.get())) {
        entries.enter();
        readArchive(file, called, magic.get());
        entries.leave();
      } else if (file.length() >= 512 && isTar(file.start(512))) {
        entries.enter();
        new StreamedArchives(entries).tar(file);
        entries.leave();
      }
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      entries.doubt("an archive cannot be read: " + e.getMessage());
    }
  }

  /// Whether a file of this format contains others. A zip archive is recognized by {@link ZipScan}
  /// instead, as it may begin anywhere in a file.
  private static boolean isArchive(Magic magic) {
    return switch (magic) {
      case RAR, SEVENZIP, GZIP, BZIP2, XZ, CAB, TAR, AR, CPIO, ARJ, COMPRESS, LZMA, LHA, ACE, ZOO ->
          true;
      case ISO, UDF, WIM, VHD, VHDX, XAR, ZSTD, LZ4, LZIP, APPLESINGLE, TNEF -> true;
      case EXE, ELF, MACHO, CLASS, LNK, SCRIPT, ZIP, OLE, RTF, PDF, PNG, JPEG, GIF -> false;
    };
  }

  private void readArchive(ContentSpool file, Set<String> called, Magic magic)
      throws IOException, Unreadable {
    switch (magic) {
      case RAR -> Rar.read(entries, file);
      case SEVENZIP -> new SevenZip(entries).read(file);
      case GZIP -> new StreamedArchives(entries).gzip(file, namesWithin(called));
      case BZIP2 -> new StreamedArchives(entries).decompress("bzip2", file, namesWithin(called));
      case XZ -> new StreamedArchives(entries).decompress("xz", file, namesWithin(called));
      case LZMA -> new StreamedArchives(entries).decompress("lzma", file, namesWithin(called));
      case COMPRESS -> new StreamedArchives(entries).decompress("z", file, namesWithin(called));
      case LZ4 -> new StreamedArchives(entries).decompress("lz4-framed", file, namesWithin(called));
      case TAR -> new StreamedArchives(entries).tar(file);
      case AR, CPIO, ARJ -> new StreamedArchives(entries).archive(magic.toString(), file);
      case CAB -> new Cabinet(entries).read(file);
      case TNEF -> new Tnef(entries).read(file);
      default -> entries.doubt("what is in a file of " + magic + " is not read");
    }
  }

  /// The names of the content of a compressed file: its own names without the last extension.
  private static Set<String> namesWithin(Set<String> called) {
    var names = new HashSet<String>();
    for (String name : called) {
      if (COMPRESSED.matcher(name).find()) {
        names.add(COMPRESSED.matcher(name).replaceFirst(""));
      } else if (name.toLowerCase(Locale.ROOT).endsWith(".tgz")) {
        names.add(name.substring(0, name.length() - 3) + "tar");
      }
    }
    return names;
  }

  /// Whether a tar archive begins here: one from before POSIX has no magic number, but a checksum
  /// of its first block, in octal digits.
  private static boolean isTar(byte[] start) {
    int sum = 8 * ' ';
    int declared = 0;
    boolean digits = false;
    for (int i = 0; i < start.length; i++) {
      if (i < CHECKSUM || i >= CHECKSUM + 8) {
        sum += start[i] & 0xff;
      } else if (start[i] >= '0' && start[i] <= '7') {
        declared = declared * 8 + start[i] - '0';
        digits = true;
      } else if (start[i] != ' ' && start[i] != 0) {
        return false;
      }
    }
    return start[0] != 0 && digits && sum == declared;
  }
}
