package org.caravanmta.mime;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// The names under which a file may be saved: Windows drops trailing dots and blanks; mail readers
/// drop directories, invisible characters and what follows a NUL; and some decode `%2E`.
public final class FileNames {
  /// Characters that are not shown: controls, format characters, separators of lines and
  /// paragraphs, and unassigned ones.
  private static final Pattern INVISIBLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cn}]+");

  /// Separators of directories; `:` separates the streams of a file (NTFS) and, on old Macs,
  /// directories.
  private static final Pattern DIRECTORIES = Pattern.compile("[/\\\\:]+");

  /// Quotes and separators that mail readers drop at both ends of a name.
  private static final String QUOTES = "\"'`;,<>\u201c\u201d\u2018\u2019";

  private FileNames() {}

  /// All names that a file of this name may get, the name itself first.
  public static Set<String> of(String name) {
    var all = new LinkedHashSet<String>();
    all.add(name);
    if (plain(name)) {
      return all;
    }
    add(all, name);
    int nul = name.indexOf('\0');
    if (nul > 0) {
      add(all, name.substring(0, nul));
    }
    String unescaped = unescaped(name);
    if (!unescaped.equals(name)) {
      all.add(unescaped);
      add(all, unescaped);
    }
    return all;
  }

  /// Adds the name without invisible characters, trimmed, and the last three components of its
  /// path.
  private static void add(Set<String> all, String name) {
    String visible =
        Normalizer.normalize(INVISIBLE.matcher(name).replaceAll(""), Normalizer.Form.NFKC)
            .replace('\u3002', '.');
    all.add(visible);
    String whole = trimmed(visible);
    all.add(whole);
    String[] parts = DIRECTORIES.split(whole);
    if (parts.length > 1) {
      for (int i = parts.length - 1; i >= Math.max(0, parts.length - 3); i--) {
        all.add(trimmed(parts[i]));
      }
    }
    all.remove("");
  }

  /// Without blanks and quotes at both ends, and without dots at the end.
  private static String trimmed(String name) {
    int end = name.length();
    while (end > 0 && (name.charAt(end - 1) == '.' || dropped(name.charAt(end - 1)))) {
      end--;
    }
    int start = 0;
    while (start < end && dropped(name.charAt(start))) {
      start++;
    }
    return name.substring(start, end);
  }

  private static boolean dropped(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || QUOTES.indexOf(c) >= 0;
  }

  /// Whether the name consists of letters, digits, and, between them, characters that nobody
  /// changes.
  private static boolean plain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean kept = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      boolean keptInside = i > 0 && i + 1 < name.length() && " ._-()[]+&#".indexOf(c) >= 0;
      if (!kept && !keptInside) {
        return false;
      }
    }
    return true;
  }

  private static String unescaped(String name) {
    int percent = name.indexOf('%');
    if (percent < 0) {
      return name;
    }
    return Charsets.utf8OrLatin1(FieldParameters.percentDecoded(Charsets.bytes(name)));
  }
}
