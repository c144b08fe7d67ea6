package org.caravanmta.mime.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.FileNames;
import org.caravanmta.mime.Magic;
import org.caravanmta.mime.Unreadable;

/// The archives of one message, of which the names of entries are read, in archives within them
/// too. Bounded: entries, and what they unpack to, are counted over all of them.
public final class Archives {
  private static final int MOST_ENTRIES = 10_000;
  private static final long MOST_BYTES = 256L << 20;

  /// Where an archive of Unix has the sum of its first block.
  private static final int SUM = 148;

  /// As many bytes as pictures are known by.
  private static final int START = 8;

  /// What is kept of one entry to look for an archive in it: one that is larger is cut, and
  /// doubted.
  static final long MOST_KEPT = 32L << 20;

  /// Archives within each other.
  private static final int DEEPEST = 5;

  /// Whose content is an archive to whoever opens it, or should be.
  static final Pattern CALLED_ARCHIVE =
      Pattern.compile(
          "(?i)\\.(zip|zipx|jar|war|ear|apk|xpi|docx|docm|xlsx|xlsm|pptx|pptm|od[tsp]|rar|7z|tar|t?gz|"
              + "tgz|bz2|tbz2?|t?xz|lzma|z|zst|lz4|lzh|lha|arj|ace|cab|iso|img|udf|wim|vhdx?|cpio|deb|"
              + "rpm|dmg|xar|pkg)$");

  private static final Pattern CALLED_ZIP =
      Pattern.compile(
          "(?i)\\.(zip|zipx|jar|war|ear|apk|xpi|docx|docm|xlsx|xlsm|pptx|pptm|od[tsp])$");

  private static final Pattern COMPRESSED = Pattern.compile("(?i)\\.(gz|bz2|xz|lzma|z|zst|lz4)$");

  private final BooleanSupplier inTime;
  private final Consumer<String> doubts;
  private final Predicate<String> names;
  private int entries;
  private long unpacked;
  private int depth;

  /// No more needs to be known.
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super("enough", null, false, false);
    }
  }

  /// @param names shown every name that an entry may get; whether to go on
  public Archives(BooleanSupplier inTime, Consumer<String> doubts, Predicate<String> names) {
    this.inTime = inTime;
    this.doubts = doubts;
    this.names = names;
  }

  /// Looks at a file, which may be none.
  ///
  /// @param called what it may be called
  /// @return whether more is to be looked at
  public boolean look(ContentSpool file, Set<String> called) throws Unreadable {
    try {
      inside(file, called);
      return true;
    } catch (Enough e) {
      return false;
    }
  }

  private void inside(ContentSpool file, Set<String> called) throws Unreadable {
    Optional<Magic> magic = Magic.of(file.start(Magic.LENGTH));
    try {
      if (magic.filter(Archives::picture).isEmpty()) {
        var zip = new ZipScan(file, inTime);
        if (magic.filter(Magic.ZIP::equals).isPresent()
            || zip.ends() && magic.filter(Archives::archive).isEmpty()
            || zip.any() && called.stream().anyMatch(name -> CALLED_ZIP.matcher(name).find())) {
          deeper();
          new Zip(this).read(file, zip);
          higher();
          return;
        }
        for (String name : zip.names()) {
          entry(name);
        }
        if (zip.other() && magic.filter(Archives::archive).isEmpty()) {
          doubt("an archive has other bytes before it");
        }
      }
      if (magic.isPresent() && archive(magic.get())) {
        deeper();
        archive(file, called, magic.get());
        higher();
      } else if (file.length() >= 512 && tar(file.start(512))) {
        deeper();
        new Streams(this).tar(file);
        higher();
      }
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      doubt("an archive cannot be read: " + e.getMessage());
    }
  }

  void higher() {
    depth--;
  }

  /// Goes into an archive.
  void deeper() throws Unreadable {
    if (++depth > DEEPEST) {
      throw new Unreadable("archives are more than " + DEEPEST + " deep");
    }
  }

  private static boolean picture(Magic magic) {
    return switch (magic) {
      case PNG, JPEG, GIF -> true;
      default -> false;
    };
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
      case RAR -> Rar.read(this, file);
      case SEVENZIP -> new SevenZip(this).read(file);
      case GZIP -> new Streams(this).gzip(file, within(called));
      case BZIP2 -> new Streams(this).decompress("bzip2", file, within(called));
      case XZ -> new Streams(this).decompress("xz", file, within(called));
      case LZMA -> new Streams(this).decompress("lzma", file, within(called));
      case COMPRESS -> new Streams(this).decompress("z", file, within(called));
      case LZ4 -> new Streams(this).decompress("lz4-framed", file, within(called));
      case TAR -> new Streams(this).tar(file);
      case AR, CPIO, ARJ -> new Streams(this).archive(magic.toString(), file);
      case CAB -> new Cabinet(this).read(file);
      case TNEF -> new Tnef(this).read(file);
      default -> doubt("what is in a file of " + magic + " is not read");
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

  void doubt(String why) {
    doubts.accept(why);
  }

  /// Takes the name of an entry.
  void entry(String name) throws Unreadable {
    if (++entries > MOST_ENTRIES) {
      throw new Unreadable("archives have more than " + MOST_ENTRIES + " entries");
    }
    for (String each : FileNames.of(name)) {
      if (!names.test(each)) {
        throw new Enough();
      }
    }
    if (!inTime.getAsBoolean()) {
      throw new Unreadable("archives take too long to read");
    }
  }

  /// What an entry says that it unpacks to.
  void declared(long bytes) throws Unreadable {
    if (bytes > MOST_BYTES - unpacked) {
      throw new Unreadable("archives unpack to more than " + MOST_BYTES + " bytes");
    }
  }

  /// Takes an entry that nobody here unpacks.
  void unseen(String name) {
    if (CALLED_ARCHIVE.matcher(name).find()) {
      doubt("an archive is in an archive that is not unpacked");
    }
  }

  /// Takes the content of an entry, in which there may be an archive.
  void content(String name, InputStream content) throws IOException, Unreadable {
    try (var spool = new ContentSpool()) {
      unpack(content, spool);
      inside(spool, FileNames.of(name));
    }
  }

  /// Takes the content of an entry that has been unpacked.
  void take(String name, ContentSpool content) throws Unreadable {
    inside(content, FileNames.of(name));
  }

  /// Counts what has been unpacked.
  void unpacked(int count) throws Unreadable {
    unpacked += count;
    if (unpacked > MOST_BYTES) {
      throw new Unreadable("archives unpack to more than " + MOST_BYTES + " bytes");
    }
    if (!inTime.getAsBoolean()) {
      throw new Unreadable("archives take too long to unpack");
    }
  }

  /// Takes the content of a compressed file, which has the names that `called` says.
  void inside(Set<String> called, ContentSpool content) throws Unreadable {
    for (String name : called) {
      entry(name);
    }
    inside(content, called);
  }

  /// Unpacks, but no pictures, for nobody looks for an archive in them.
  void unpack(InputStream content, ContentSpool into) throws IOException, Unreadable {
    byte[] block = new byte[32 * 1024];
    for (int count = content.read(block); count >= 0; count = content.read(block)) {
      unpacked(count);
      if (into.length() < MOST_KEPT) {
        into.write(block, 0, count);
      }
      if (Magic.of(into.start(START)).filter(Archives::picture).isPresent()) {
        return;
      }
    }
  }
}
