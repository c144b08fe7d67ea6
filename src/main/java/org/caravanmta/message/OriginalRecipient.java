package org.caravanmta.message;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.caravanmta.address.Ascii;

/// The recipient as the sender has written it, whatever the mail has been forwarded to since: the
/// ORCPT parameter (RFC 3461 §4.2, RFC 6533 §3).
///
/// @param type the address type: `rfc822`, `utf-8`, `x400`
/// @param address the address, decoded; not ASCII only if the type is `utf-8`; empty if the client
///   has named nobody
public record OriginalRecipient(String type, String address) {
  private static final String UTF8 = "utf-8";

  /// The address type is an atom (RFC 3461 §4.2).
  private static final Pattern FORM =
      Pattern.compile("(?<type>[A-Za-z0-9!#$%&'*+./?^_`{|}~-]+);(?<address>.*)", Pattern.DOTALL);

  /// A character by its number (RFC 6533 §3).
  private static final Pattern EMBEDDED = Pattern.compile("\\\\(?:x\\{([0-9A-Fa-f]{1,6})})?");

  /// Reads the value of the parameter, as tolerant as Postfix: `=` need not be encoded, and an
  /// address that is not ASCII may have any type, which then becomes `utf-8`.
  ///
  /// @return absent if the value is not of this form, or if a character is not printable
  public static Optional<OriginalRecipient> parse(String value) {
    Matcher form = FORM.matcher(value);
    if (!form.matches()) {
      return Optional.empty();
    }
    String type = form.group("type");
    String encoded = form.group("address");
    boolean utf8 = Ascii.same(type, UTF8);
    Optional<String> address = utf8 ? embedded(encoded) : Xtext.strict(encoded.replace("=", "+3D"));
    return address
        .filter(text -> text.codePoints().noneMatch(OriginalRecipient::isUnprintable))
        .map(text -> new OriginalRecipient(utf8 || Ascii.is(text) ? type : UTF8, text));
  }

  /// Whether the client has named nobody.
  public boolean isEmpty() {
    return address.isEmpty();
  }

  /// The value of the parameter in ASCII, which every server accepts, with or without SMTPUTF8.
  @Override
  public String toString() {
    return type + ";" + (Ascii.same(type, UTF8) ? escaped() : Xtext.encode(address));
  }

  /// The value of the field Original-Recipient in a report (RFC 3464 §2.3.1).
  ///
  /// @param global whether it need not be ASCII (`message/global-delivery-status`)
  public String reported(boolean global) {
    return type + ";" + (global || Ascii.is(address) ? address : escaped());
  }

  /// The address with `\x{HEX}` for every character that is not a QCHAR (RFC 6533 §3).
  private String escaped() {
    var encoded = new StringBuilder(address.length());
    address
        .codePoints()
        .forEach(
            c -> {
              if (c > 32 && c < 127 && c != '+' && c != '=' && c != '\\') {
                encoded.append((char) c);
              } else {
                encoded.append(String.format("\\x{%02X}", c));
              }
            });
    return encoded.toString();
  }

  /// The text with every `\x{HEX}` decoded (RFC 6533 §3); absent if one of them is not a character.
  private static Optional<String> embedded(String text) {
    Matcher escapes = EMBEDDED.matcher(text);
    var plain = new StringBuilder();
    int from = 0;
    while (escapes.find()) {
      int c = escapes.group(1) == null ? -1 : Integer.parseInt(escapes.group(1), 16);
      if (!Character.isValidCodePoint(c) || c >= 0xd800 && c < 0xe000) {
        return Optional.empty();
      }
      plain.append(text, from, escapes.start()).appendCodePoint(c);
      from = escapes.end();
    }
    return Optional.of(plain.append(text, from, text.length()).toString());
  }

  private static boolean isUnprintable(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0xfffd;
  }
}
