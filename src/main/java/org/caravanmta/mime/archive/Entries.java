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

/// Collects what the readers of all formats find in the archives of one message: names of entries,
/// their content, doubts. Limits the number of entries, and the bytes unpacked, over all these
/// archives together.
final class Entries {
  /// The limits that protect us from archives made to exhaust whoever unpacks them.
  private static final int MOST_ENTRIES = 10_000;

  private static final long MOST_BYTES = 256L << 20;

  /// How many bytes from the start tell a picture.
  private static final int START = 8;

  /// How many bytes of one entry are kept to look for an archive in them; a longer entry is cut, so
  /// that an archive in it is damaged and reported as a doubt.
  static final long MOST_KEPT = 32L << 20;

  /// How deep archives may nest.
  private static final int DEEPEST = 5;

  /// Names of files that are opened as archives.
  private static final Pattern CALLED_ARCHIVE =
      Pattern.compile(
          "(?i)\\.(zip|zipx|jar|war|ear|apk|xpi|docx|docm|xlsx|xlsm|pptx|pptm|od[tsp]|rar|7z|tar|t?gz|"
              + "tgz|bz2|tbz2?|t?xz|lzma|z|zst|lz4|lzh|lha|arj|ace|cab|iso|img|udf|wim|vhdx?|cpio|deb|"
              + "rpm|dmg|xar|pkg)$");

  private final BooleanSupplier inTime;
  private final Consumer<String> doubts;
  private final Predicate<String> names;
  private final NestedLook nestedLook;
  private int entries;
  private long unpacked;
  private int depth;

  /// Thrown to end the reading once the names seen so far are enough.
  static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Enough() {
      super("enough", null, false, false);
    }
  }

  /// Looks for an archive in the content of an entry.
  interface NestedLook {
    /// @param called the names that the entry may have
    void look(ContentSpool content, Set<String> called) throws Unreadable;
  }

  /// @param inTime whether there is time left
  /// @param doubts told of what an unpacker may find and we do not
  /// @param names receives every name that an entry may get, and answers whether to go on
  Entries(
      BooleanSupplier inTime,
      Consumer<String> doubts,
      Predicate<String> names,
      NestedLook nestedLook) {
    this.inTime = inTime;
    this.doubts = doubts;
    this.names = names;
    this.nestedLook = nestedLook;
  }

  /// Leaves an archive.
  void leave() {
    depth--;
  }

  /// Enters an archive; {@link #leave} must follow.
  ///
  /// @throws Unreadable if it is nested too deep
  void enter() throws Unreadable {
    if (++depth > DEEPEST) {
      throw new Unreadable("archives are more than " + DEEPEST + " deep");
    }
  }

  /// Whether this is a picture, in which no program looks for an archive.
  static boolean picture(Magic magic) {
    return switch (magic) {
      case PNG, JPEG, GIF -> true;
      default -> false;
    };
  }

  /// Reports what an unpacker may find and we do not.
  void doubt(String why) {
    doubts.accept(why);
  }

  /// Takes the name of an entry.
  ///
  /// @throws Unreadable if there are too many entries, or the time is over
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

  /// Takes the size that an entry declares for its unpacked content.
  ///
  /// @param bytes 0 or less if it declares none
  /// @throws Unreadable if that is more than may be unpacked
  void declared(long bytes) throws Unreadable {
    if (bytes > MOST_BYTES - unpacked) {
      throw new Unreadable("archives unpack to more than " + MOST_BYTES + " bytes");
    }
  }

  /// Takes an entry that we cannot unpack.
  void notUnpacked(String name) {
    if (CALLED_ARCHIVE.matcher(name).find()) {
      doubt("an archive is in an archive that is not unpacked");
    }
  }

  /// Unpacks the content of an entry, and looks for an archive in it.
  void content(String name, InputStream content) throws IOException, Unreadable {
    try (var spool = new ContentSpool()) {
      unpack(content, spool);
      nestedLook.look(spool, FileNames.of(name));
    }
  }

  /// Counts bytes that have been unpacked.
  ///
  /// @throws Unreadable if there are too many, or the time is over
  void unpacked(int count) throws Unreadable {
    unpacked += count;
    if (unpacked > MOST_BYTES) {
      throw new Unreadable("archives unpack to more than " + MOST_BYTES + " bytes");
    }
    if (!inTime.getAsBoolean()) {
      throw new Unreadable("archives take too long to unpack");
    }
  }

  /// Takes the unpacked content of a compressed file.
  ///
  /// @param called the names that the content may have
  void compressedFile(Set<String> called, ContentSpool content) throws Unreadable {
    for (String name : called) {
      entry(name);
    }
    nestedLook.look(content, called);
  }

  /// Unpacks the content of an entry, up to {@link #MOST_KEPT} bytes; of a picture only the start,
  /// as no program looks for an archive in it.
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
