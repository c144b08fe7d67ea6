package org.caravanmta.table;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Ascii;
import org.caravanmta.address.Octets;

/// What patterns are tried on: a key, and, when it is not ASCII, its bytes.
///
/// @param text as {@link Octets} has it
/// @param octets one character for each byte
/// @param characters what is read by patterns of characters: bytes that are not UTF-8 are ISO
///   8859-1 to them
record PatternSubject(String text, String octets, String characters) {
  static PatternSubject of(String text) {
    if (Ascii.is(text)) {
      return new PatternSubject(text, text, text);
    }
    return new PatternSubject(
        text, Octets.apart(text), Octets.isMixed(text) ? Octets.latin1(text) : text);
  }

  /// The groups of the match, as text.
  Optional<List<String>> match(Expression expression, boolean byOctets) {
    Optional<List<String>> match = expression.find(byOctets ? octets : characters);
    return byOctets || !Octets.isMixed(text)
        ? match
        : match.map(groups -> groups.stream().map(PatternSubject::bytes).toList());
  }

  /// What stood in the key for text of ISO 8859-1.
  private static String bytes(String group) {
    return Octets.text(group.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// A value into which groups have been put.
  String value(String substituted) {
    return Ascii.is(text) ? substituted : Octets.together(substituted);
  }
}
