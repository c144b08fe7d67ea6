package org.caravanmta.table;

import java.util.List;
import org.caravanmta.address.AddressTokens;

/// A line of an alias table: `name: value` (postfix `aliases(5)`, `postalias(1)`), or `name value`
/// as in other tables (postfix `postmap(1)`). The name is a local part, in quotes or not (RFC 5321
/// §4.1.2).
///
/// @param name the local part without quotes
/// @param value what the name stands for, not empty
record AliasLine(String name, String value) {
  /// @throws IllegalArgumentException says what was expected
  static AliasLine of(TableLine line) {
    String text = line.text();
    List<AddressTokens.Token> tokens = AddressTokens.of(text);
    int colon = colon(tokens, text);
    if (colon < 0) {
      TableLine.Pair pair = line.split();
      return checked(AddressTokens.of(pair.key()), pair.value(), text);
    }
    return checked(tokens.subList(0, colon), text.substring(tokens.get(colon).to()).strip(), text);
  }

  private static AliasLine checked(List<AddressTokens.Token> name, String value, String text) {
    if (name.isEmpty()
        || AddressTokens.of(value).isEmpty()
        || name.stream().anyMatch(t -> t.is(','))) {
      throw new IllegalArgumentException("expected \"name: value\", found \"" + text + "\"");
    }
    if (name.stream().anyMatch(t -> t.is('@') || t.is('%'))) {
      throw new IllegalArgumentException(
          "expected a name without a domain, found \"" + text + "\"");
    }
    var plain = new StringBuilder();
    for (int i = 0; i < name.size(); i++) {
      AddressTokens.Token token = name.get(i);
      boolean words = i > 0 && !name.get(i - 1).is('.') && !token.is('.');
      plain.append(words ? " " : "").append(token.text());
    }
    return new AliasLine(plain.toString(), value);
  }

  /// The index of the colon after the name among the tokens; -1 when the name ends at white space.
  private static int colon(List<AddressTokens.Token> tokens, String text) {
    int colon = 0;
    boolean blanks = false;
    boolean words = true;
    while (colon < tokens.size() && !tokens.get(colon).is(':')) {
      AddressTokens.Token token = tokens.get(colon);
      blanks |= colon > 0 && tokens.get(colon - 1).to() < token.from();
      words &= token.kind() != AddressTokens.Kind.SPECIAL;
      colon++;
    }
    if (colon == tokens.size()) {
      return -1;
    }
    int at = tokens.get(colon).from();
    boolean included =
        text.regionMatches(true, at, ":include:", 0, 9) && text.charAt(at - 1) <= ' ';
    boolean group = text.indexOf(';', at) >= 0;
    return colon > 0 && included || blanks && (!words || group) && !comma(tokens, colon)
        ? -1
        : colon;
  }

  /// Whether the first word ends at a comma, so that there are several names before the colon.
  private static boolean comma(List<AddressTokens.Token> tokens, int colon) {
    return colon > 1 && tokens.get(1).is(',') && tokens.get(0).to() == tokens.get(1).from();
  }
}
