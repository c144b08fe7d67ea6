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

/// The archives of one message, of which the names of entries are read, in archives within them
/// too: tells by its first bytes what a file is, and has it read as that.
public final class Archives {
  /// Where an archive of Unix has the sum of its first block.
  private static final int SUM = 148;

  private static final Pattern CALLED_ZIP =
      Pattern.compile(
          "(?i)\\.(zip|zipx|jar|war|ear|apk|xpi|docx|docm|xlsx|xlsm|pptx|pptm|od[tsp])$");

  private static final Pattern COMPRESSED = Pattern.compile("(?i)\\.(gz|bz2|xz|lzma|z|zst|lz4)$");

  private final BooleanSupplier inTime;
  private final Entries entries;

  /// @param names shown every name that an entry may get; whether to go on
  public Archives(BooleanSupplier inTime, Consumer<String> doubts, Predicate<String> names) {
    this.inTime = inTime;
    this.entries = new Entries(inTime, doubts, names, this::inside);
  }

  /// Looks at a file, which may be none.
  ///
  /// @param called what it may be called
  /// @return whether more is to be looked at
  public boolean look(ContentSpool file, Set<String> called) throws Unreadable {
    try {
      inside(file, called);
      return true;
    } catch (Entries.Enough e) {
      return false;
    }
  }

  private void inside(ContentSpool file, Set<String> called) throws Unreadable {
    Optional<Magic> magic = Magic.of(file.start(Magic.LENGTH));
    try {
      if (magic.filter(Entries::picture).isEmpty()) {
        var zip = new ZipScan(file, inTime);
        if (magic.filter(Magic.ZIP::equals).isPresent()
            || zip.ends() && magic.filter(Archives::archive).isEmpty()
            || zip.any() && called.stream().anyMatch(name -> CALLED_ZIP.matcher(name).find())) {
          entries.deeper();
          new Zip(entries).read(file, zip);
          entries.higher();
          return;
        }
        for (String name : zip.names()) {
          entries.entry(name);
        }
        if (zip.other() && magic.filter(Archives::archive).isEmpty()) {
          entries.doubt("an archive has other bytes before it");
        }
      }
      if (magic.isPresent() && archive(magic.get())) {
        entries.deeper();
        archive(file, called, magic.get());
        entries.higher();
      } else if (file.length() >= 512 && tar(file.start(512))) {
        entries.deeper();
        new Streams(entries).tar(file);
        entries.higher();
      }
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      entries.doubt("an archive cannot be read: " + e.getMessage());
    }
  }

  private static boolean archive(Magic magic) {
    return switch (magic) {
      case RAR, SEVENZIP, GZIP, BZIP2, XZ, CAB, TAR, AR, CPIO, ARJ, COMPRESS, LZMA, LHA, ACE, ZOO ->
          true;
      case ISO, UDF, WIM, VHD, VHDX, XAR, ZSTD, LZ4, LZIP, APPLESINGLE, TNEF -> true;
      case EXE, ELF, MACHO, CLASS, LNK, SCRIPT, ZIP, OLE, RTF, PDF, PNG, JPEG, GIF -> false;
    };
  }

  private void archive(ContentSpool file, Set<String> called, Magic magic)
      throws IOException, Unreadable {
    switch (magic) {
      case RAR -> Rar.read(entries, file);
      case SEVENZIP -> new SevenZip(entries).read(file);
      case GZIP -> new Streams(entries).gzip(file, within(called));
      case BZIP2 -> new Streams(entries).decompress("bzip2", file, within(called));
      case XZ -> new Streams(entries).decompress("xz", file, within(called));
      case LZMA -> new Streams(entries).decompress("lzma", file, within(called));
      case COMPRESS -> new Streams(entries).decompress("z", file, within(called));
      case LZ4 -> new Streams(entries).decompress("lz4-framed", file, within(called));
      case TAR -> new Streams(entries).tar(file);
      case AR, CPIO, ARJ -> new Streams(entries).archive(magic.toString(), file);
      case CAB -> new Cabinet(entries).read(file);
      case TNEF -> new Tnef(entries).read(file);
      default -> entries.doubt("what is in a file of " + magic + " is not read");
    }
  }

  /// What is in a compressed file is called what it is without its last extension.
  private static Set<String> within(Set<String> called) {
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

  /// An archive of Unix of old has no magic number, but a sum of its first block, in octal digits.
  private static boolean tar(byte[] start) {
    int sum = 8 * ' ';
    int said = 0;
    boolean digits = false;
    for (int i = 0; i < start.length; i++) {
      if (i < SUM || i >= SUM + 8) {
        sum += start[i] & 0xff;
      } else if (start[i] >= '0' && start[i] <= '7') {
        said = said * 8 + start[i] - '0';
        digits = true;
      } else if (start[i] != ' ' && start[i] != 0) {
        return false;
      }
    }
    return start[0] != 0 && digits && sum == said;
  }
}
