package org.caravanmta.address;

import java.util.Locale;

/// A mailbox: local part and domain (RFC 5321 §4.1.2). The local part is held without its quotes;
/// {@link #toString} puts them back where the grammar needs them.
///
/// @param localPart the part left of the `@`, unquoted: `first last` for `"first
///   last"@example.org`; may be empty (`""@example.org`)
/// @param domain the part right of the `@`, as written
public record Address(String localPart, Domain domain) {
  /// Characters that may stand in an unquoted local part beside letters, digits and dots (RFC 5322
  /// §3.2.3).
  private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

  public static Address of(String localPart, String domain) {
    return new Address(localPart, new Domain(domain));
  }

  /// Reads `local@domain` or `"quoted local"@domain`. Lenient where Postfix is: `a..b@example.org`
  /// is an address, and is written back quoted.
  ///
  /// @throws IllegalArgumentException says what is wrong, in words fit for a reply
  public static Address parse(String text) {
    int at = endOfLocalPart(text);
    if (at >= text.length() || text.charAt(at) != '@') {
      throw new IllegalArgumentException("no domain in \"" + text + "\"");
    }
    String local =
        text.startsWith("\"") ? unquote(text.substring(1, at - 1)) : text.substring(0, at);
    if (at == 0) {
      throw new IllegalArgumentException("no local part in \"" + text + "\"");
    }
    String domain = text.substring(at + 1);
    checkDomain(domain, text);
    return new Address(local, new Domain(domain));
  }

  /// The form used as a table key: both parts in lower case, quoted where needed.
  public String key() {
    return quoted(localPart).toLowerCase(Locale.ROOT) + "@" + domain.key();
  }

  /// This address at another domain.
  public Address at(Domain other) {
    return new Address(localPart, other);
  }

  /// Whether every character is ASCII: if not, only SMTPUTF8 can carry it (RFC 6531 §3.3).
  public boolean isAscii() {
    return Ascii.is(localPart) && Ascii.is(domain.name());
  }

  /// The form SMTP carries: `"first last"@example.org`.
  @Override
  public String toString() {
    return quoted(localPart) + "@" + domain.name();
  }

  private static int endOfLocalPart(String text) {
    if (!text.startsWith("\"")) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '@') {
          return i;
        }
        if (!isAtomOrDot(c)) {
          throw new IllegalArgumentException(
              "\"" + printable(c) + "\" needs quotes in \"" + text + "\"");
        }
      }
      return text.length();
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        return i + 1;
      }
      if (i < text.length() && (text.charAt(i) < 32 || text.charAt(i) == 127)) {
        throw new IllegalArgumentException("a control character in the local part");
      }
    }
    throw new IllegalArgumentException("a quote without its end in \"" + text + "\"");
  }

  private static void checkDomain(String domain, String text) {
    if (domain.startsWith("[")) {
      if (domain.length() < 3
          || domain.indexOf(']') != domain.length() - 1
          || !domain
              .substring(1, domain.length() - 1)
              .chars()
              .allMatch(c -> c > 32 && c < 127 && c != '[')) {
        throw new IllegalArgumentException("a bad address literal in \"" + text + "\"");
      }
      return;
    }
    if (domain.isEmpty() || domain.length() > 255) {
      throw new IllegalArgumentException("a domain has 1 to 255 characters, in \"" + text + "\"");
    }
    for (String label :
        (domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain)
            .split("\\.", -1)) {
      if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-")) {
        throw new IllegalArgumentException(
            "a bad domain label \"" + label + "\" in \"" + text + "\"");
      }
      for (int i = 0; i < label.length(); i++) {
        char c = label.charAt(i);
        if (c < 128 && !Character.isLetterOrDigit(c) && c != '-' && c != '_') {
          throw new IllegalArgumentException(
              "\"" + printable(c) + "\" is not allowed in a domain, in \"" + text + "\"");
        }
      }
    }
  }

  private static String unquote(String quoted) {
    var plain = new StringBuilder(quoted.length());
    for (int i = 0; i < quoted.length(); i++) {
      char c = quoted.charAt(i);
      plain.append(c == '\\' && i + 1 < quoted.length() ? quoted.charAt(++i) : c);
    }
    return plain.toString();
  }

  /// The local part as SMTP has it, in quotes where it needs them.
  public static String quoted(String localPart) {
    return needsQuotes(localPart) ? inQuotes(localPart) : localPart;
  }

  /// A quoted string (RFC 5321 §4.1.2).
  static String inQuotes(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /// Whether a local part can stand before an `@` in quotes only (RFC 5321 §4.1.2).
  static boolean needsQuotes(String localPart) {
    boolean dotString =
        !localPart.isEmpty() && !localPart.startsWith(".") && !localPart.endsWith(".");
    for (int i = 0; dotString && i < localPart.length(); i++) {
      char c = localPart.charAt(i);
      dotString = isAtomOrDot(c) && !(c == '.' && localPart.charAt(i - 1) == '.');
    }
    return !dotString;
  }

  static boolean isAtomOrDot(char c) {
    return c > 127 || c < 128 && Character.isLetterOrDigit(c) || c == '.' || ATEXT.indexOf(c) >= 0;
  }

  private static String printable(char c) {
    return c < 32 || c == 127 ? String.format("0x%02x", (int) c) : String.valueOf(c);
  }
}
