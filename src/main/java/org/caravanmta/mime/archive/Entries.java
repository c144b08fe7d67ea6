package org.caravanmta.mime.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.caravanmta.mime.ContentSpool;
import org.caravanmta.mime.FileNames;
import org.caravanmta.mime.Magic;
import org.caravanmta.mime.Unreadable;

/// What the readers of all formats report of the archives of one message: names of entries, what
/// these contain, doubts. Bounded: entries, and what they unpack to, are counted over all of them.
final class Entries {
  private static final int MOST_ENTRIES = 10_000;
  private static final long MOST_BYTES = 256L << 20;

  /// As many bytes as pictures are known by.
  private static final int START = 8;

  /// What is kept of one entry to look for an archive in it: one that is larger is cut, and
  /// doubted.
  static final long MOST_KEPT = 32L << 20;

  /// Archives within each other.
  private static final int DEEPEST = 5;

  /// Whose content is an archive to whoever opens it, or should be.
  private static final Pattern CALLED_ARCHIVE =
      Pattern.compile(
          "(?i)\\.(zip|zipx|jar|war|ear|apk|xpi|docx|docm|xlsx|xlsm|pptx|pptm|od[tsp]|rar|7z|tar|t?gz|"
              + "tgz|bz2|tbz2?|t?xz|lzma|z|zst|lz4|lzh|lha|arj|ace|cab|iso|img|udf|wim|vhdx?|cpio|deb|"
              + "rpm|dmg|xar|pkg)$");

  private final BooleanSupplier inTime;
  private final Consumer<String> doubts;
  private final Predicate<String> names;
  private final Within within;
  private int entries;
  private long unpacked;
  private int depth;

  /// No more needs to be known.
  static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super("enough", null, false, false);
    }
  }

  /// What looks for an archive in an entry.
  interface Within {
    /// @param called what the entry may be called
    void look(ContentSpool content, Set<String> called) throws Unreadable;
  }

  /// @param names shown every name that an entry may get; whether to go on
  Entries(BooleanSupplier inTime, Consumer<String> doubts, Predicate<String> names, Within within) {
    this.inTime = inTime;
    this.doubts = doubts;
    this.names = names;
    this.within = within;
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

  /// Nobody looks for an archive in a picture.
  static boolean picture(Magic magic) {
    return switch (magic) {
      case PNG, JPEG, GIF -> true;
      default -> false;
    };
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
      within.look(spool, FileNames.of(name));
    }
  }

  /// Takes the content of an entry that has been unpacked.
  void take(String name, ContentSpool content) throws Unreadable {
    within.look(content, FileNames.of(name));
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
    within.look(content, called);
  }

  /// Unpacks, but no pictures, for nobody looks for an archive in them.
  void unpack(InputStream content, ContentSpool into) throws IOException, Unreadable {
    byte[] block = new byte[32 * 1024];
    for (int count = content.read(block); count >= 0; count = content.read(block)) {
      unpacked(count);
      if (into.length() < MOST_KEPT) {
        into.write(block, 0, count);
      }
      if (Magic.of(into.start(START)).filter(Entries::picture).isPresent()) {
        return;
      }
    }
  }
}
