package org.caravanmta.table;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Octets;

/// A key as patterns are tried on it: as bytes and as characters, which differ when it is not
/// ASCII.
///
/// @param text the key as {@link Octets} writes it
/// @param octets for patterns of bytes: one character for each byte
/// @param characters for patterns of characters: bytes that are not UTF-8 are read as ISO 8859-1
record PatternSubject(String text, String octets, String characters) {
  static PatternSubject of(String text) {
    if (Ascii.is(text)) {
      return new PatternSubject(text, text, text);
    }
    return new PatternSubject(
        text, Octets.apart(text), Octets.isMixed(text) ? Octets.latin1(text) : text);
  }

  /// The groups of the first match, as {@link Octets} writes them; absent if there is none.
  ///
  /// @param byOctets whether the expression is a pattern of bytes
  Optional<List<String>> match(Expression expression, boolean byOctets) {
    Optional<List<String>> match = expression.find(byOctets ? octets : characters);
    return byOctets || !Octets.isMixed(text)
        ? match
        : match.map(groups -> groups.stream().map(PatternSubject::bytes).toList());
  }

  /// The text of the key that a group in ISO 8859-1 stands for.
  private static String bytes(String group) {
    return Octets.text(group.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// A value into which groups have been put, as text again.
  String value(String substituted) {
    return Ascii.is(text) ? substituted : Octets.together(substituted);
  }
}
