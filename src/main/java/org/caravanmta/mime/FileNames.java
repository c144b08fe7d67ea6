package org.caravanmta.mime;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// The names that a file may get from what it is called: Windows leaves trailing dots and blanks
/// away, mail readers the directories, characters that are not seen and what follows a NUL, and
/// some undo `%2E`.
public final class FileNames {
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cn}]+");

  /// `:` parts the streams of a file (NTFS) and, on old Macs, directories.
  private static final Pattern DIRECTORIES = Pattern.compile("[/\\\\:]+");

  private static final String QUOTES = "\"'`;,<>\u201c\u201d\u2018\u2019";

  private FileNames() {}

  /// The name itself first.
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

  private static void add(Set<String> all, String name) {
    String seen =
        Normalizer.normalize(UNSEEN.matcher(name).replaceAll(""), Normalizer.Form.NFKC)
            .replace('\u3002', '.');
    all.add(seen);
    String whole = trimmed(seen);
    all.add(whole);
    String[] parts = DIRECTORIES.split(whole);
    if (parts.length > 1) {
      for (int i = parts.length - 1; i >= Math.max(0, parts.length - 3); i--) {
        all.add(trimmed(parts[i]));
      }
    }
    all.remove("");
  }

  private static String trimmed(String name) {
    int end = name.length();
    while (end > 0 && (name.charAt(end - 1) == '.' || outside(name.charAt(end - 1)))) {
      end--;
    }
    int start = 0;
    while (start < end && outside(name.charAt(start))) {
      start++;
    }
    return name.substring(start, end);
  }

  private static boolean outside(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || QUOTES.indexOf(c) >= 0;
  }

  /// Of letters, digits, and single characters that nobody changes.
  private static boolean plain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean kept = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      boolean inside = i > 0 && i + 1 < name.length() && " ._-()[]+&#".indexOf(c) >= 0;
      if (!kept && !inside) {
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
    return Charsets.usual(FieldParameters.percentDecoded(Charsets.bytes(name)));
  }
}
