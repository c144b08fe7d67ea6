package org.caravanmta.smtp;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of the server's greeting (RFC 5321 §4.3.1; postfix `smtpd_banner`).
///
/// @param template the text, in which `$myhostname` (or `$(myhostname)`, `${myhostname}`),
///   `$mydomain` and `$mail_name` stand for names and `$$` for a dollar sign; it must start with
///   `$myhostname`
public record Banner(String template) {
  private static final Pattern MACRO =
      Pattern.compile("\\$(?:(\\$)|(\\w+)|\\((\\w+)\\)|\\{(\\w+)}|)");

  /// In characters: a line of a reply has at most 512 bytes (RFC 5321 §4.5.3.1.5), of which the
  /// host name may take 255.
  private static final int MOST_LENGTH = 250;

  /// Postfix's default.
  public static final Banner USUAL = new Banner("$myhostname ESMTP $mail_name");

  public Banner {
    if (!template.chars().allMatch(c -> c >= 32 && c < 127) || template.length() > MOST_LENGTH) {
      throw new IllegalArgumentException(
          "banner must be one line of at most " + MOST_LENGTH + " printable ASCII characters");
    }
    if (!template.matches("\\$(myhostname|\\(myhostname\\)|\\{myhostname})(\\W.*)?")) {
      throw new IllegalArgumentException("banner must start with $myhostname (RFC 5321 §4.3.1)");
    }
    text(template, "mx.example");
  }

  /// The text for a server of this name.
  public String text(String hostname) {
    return text(template, hostname);
  }

  private static String text(String template, String hostname) {
    var names =
        Map.of(
            "$",
            "$",
            "myhostname",
            hostname,
            "mydomain",
            hostname.substring(hostname.indexOf('.') + 1),
            "mail_name",
            "Caravan");
    return MACRO
        .matcher(template)
        .replaceAll(
            found -> {
              String name = name(found.group());
              if (!names.containsKey(name)) {
                throw new IllegalArgumentException(
                    "banner has $myhostname, $mydomain, $mail_name and $$, and no $" + name);
              }
              return Matcher.quoteReplacement(names.get(name));
            });
  }

  private static String name(String macro) {
    String name = macro.substring(1);
    return name.startsWith("(") || name.startsWith("{")
        ? name.substring(1, name.length() - 1)
        : name;
  }
}
