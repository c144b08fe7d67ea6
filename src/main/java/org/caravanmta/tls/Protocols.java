package org.caravanmta.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Versions of TLS, named as in Postfix (postfix `smtpd_tls_protocols`): `TLSv1.2 TLSv1.3` means
/// these two, `!SSLv3` all but that one, `>=TLSv1.2` and `<=TLSv1.2` are bounds, and an empty text
/// means all. Versions before 1.2 may be named, but are never spoken (RFC 8996, RFC 9325 §3.1.1).
///
/// @param names as Java has them, newest first, at least one
public record Protocols(List<String> names) {
  /// A version that may be named.
  private enum Version {
    SSL2("SSLv2", 0x0002),
    SSL3("SSLv3", 0x0300),
    TLS10("TLSv1", 0x0301),
    TLS11("TLSv1.1", 0x0302),
    TLS12("TLSv1.2", 0x0303),
    TLS13("TLSv1.3", 0x0304);

    private static final Set<Version> SPOKEN = EnumSet.of(TLS12, TLS13);

    private final String label;
    private final int number;

    Version(String label, int number) {
      this.label = label;
      this.number = number;
    }

    /// The version with this name, in any case, or with this number on the wire in four hexadecimal
    /// digits.
    static Optional<Version> of(String text) {
      return Arrays.stream(values())
          .filter(
              version ->
                  version.label.equalsIgnoreCase(text)
                      || text.matches("(0x)?[0-9A-Fa-f]{4}")
                          && Integer.parseInt(text.replaceFirst("^0x", ""), 16) == version.number)
          .findFirst();
    }
  }

  public Protocols {
    names = List.copyOf(names);
  }

  /// Reads versions, separated by blanks, commas or colons.
  ///
  /// @throws IllegalArgumentException names the word that is not a version, or says that none is
  ///   left
  public static Protocols parse(String text) {
    var named = EnumSet.noneOf(Version.class);
    var spoken = EnumSet.allOf(Version.class);
    for (String word : text.strip().split("[\\s,:]+")) {
      if (word.isEmpty()) {
        continue;
      }
      if (word.startsWith(">=")) {
        Version least = version(word.substring(2), word);
        spoken.removeIf(version -> version.compareTo(least) < 0);
      } else if (word.startsWith("<=")) {
        Version most = version(word.substring(2), word);
        spoken.removeIf(version -> version.compareTo(most) > 0);
      } else if (word.startsWith("!")) {
        spoken.remove(version(word.substring(1), word));
      } else {
        named.add(version(word, word));
      }
    }
    if (!named.isEmpty()) {
      spoken.retainAll(named);
    }
    spoken.retainAll(Version.SPOKEN);
    if (spoken.isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" leaves none of the versions that are spoken, TLSv1.2 and TLSv1.3");
    }
    return new Protocols(new ArrayList<>(spoken).reversed().stream().map(v -> v.label).toList());
  }

  private static Version version(String name, String word) {
    return Version.of(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\""
                        + word
                        + "\" is not a version such as TLSv1.2, !SSLv3, >=TLSv1.2 or <=TLSv1.3"));
  }
}
