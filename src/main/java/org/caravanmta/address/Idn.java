package org.caravanmta.address;

import com.ibm.icu.text.IDNA;
import java.util.Locale;
import java.util.Optional;

/// Domain names in other scripts (RFC 5890 §2.3.2.1): a name has one form of Unicode letters,
/// `bücher.example`, and one of ASCII, `xn--bcher-kva.example`, and both are the same name.
public final class Idn {
  private static final String MARK = "xn--";

  /// No name is longer (RFC 1035 §2.3.4), and the rules do not take one that is much longer.
  private static final int LONGEST = 255;

  private Idn() {}

  /// The rules of UTS 46 without the transition from the older ones: `ß` is a letter of its own.
  private static final class Rules {
    private static final IDNA IDNA_2008 =
        IDNA.getUTS46Instance(
            IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.NONTRANSITIONAL_TO_UNICODE | IDNA.CHECK_BIDI);
  }

  /// The form of ASCII in small letters; a name that has none, since it is not a good one, is only
  /// put into small letters.
  public static String ascii(String name) {
    if (Ascii.is(name) || name.length() > LONGEST) {
      return name.toLowerCase(Locale.ROOT);
    }
    var info = new IDNA.Info();
    var ascii = Rules.IDNA_2008.nameToASCII(name, new StringBuilder(), info);
    return info.hasErrors() ? name.toLowerCase(Locale.ROOT) : ascii.toString();
  }

  /// The other form of a name that has two.
  public static Optional<String> other(String name) {
    if (!mayHaveTwo(name, 0)) {
      return Optional.empty();
    }
    boolean ascii = Ascii.is(name);
    var info = new IDNA.Info();
    var other = new StringBuilder();
    if (ascii) {
      Rules.IDNA_2008.nameToUnicode(name, other, info);
    } else {
      Rules.IDNA_2008.nameToASCII(name, other, info);
    }
    String text = other.toString();
    return info.hasErrors() || text.equals(name) ? Optional.empty() : Optional.of(text);
  }

  /// Whether what stands in a text from there on looks like a name of two forms; seen at a glance,
  /// for most are not.
  public static boolean mayHaveTwo(String text, int from) {
    if (text.length() - from > LONGEST) {
      return false;
    }
    boolean two = false;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == ':') {
        return false;
      }
      two |= c > 127 || (c == 'x' || c == 'X') && text.regionMatches(true, i, MARK, 0, 4);
    }
    return two;
  }
}
