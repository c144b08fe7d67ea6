package org.caravanmta.address;

import java.util.List;
import org.caravanmta.address.AddressTokens.Kind;
import org.caravanmta.address.AddressTokens.Token;

/// One address, file or command of a {@link WrittenList}, or of an address field (RFC 822 §6.1).
///
/// @param plain without quotes, comments and names: `|cat > file`
/// @param address likewise, with quotes where an address needs them: `"a b"@x.example`
/// @param standard the address with quotes exactly where it needs them; as it is written when it
///   has no domain
/// @param escaped whether it begins with a backslash outside quotes
public record WrittenMember(String plain, String address, String standard, boolean escaped) {
  static WrittenMember of(List<Token> tokens) {
    int at = last(tokens);
    String local = plain(tokens.subList(0, at));
    String domain = plain(tokens.subList(at, tokens.size()));
    boolean routed = tokens.getFirst().is('@');
    boolean quoted =
        tokens.subList(0, at).stream().anyMatch(token -> token.kind() == Kind.QUOTED)
            || !routed && local.chars().anyMatch(c -> !Address.isAtomOrDot((char) c));
    return new WrittenMember(
        local + domain,
        (quoted ? Address.inQuotes(local) : local) + domain,
        (routed || at == tokens.size() ? text(tokens.subList(0, at), true) : Address.quoted(local))
            + text(tokens.subList(at, tokens.size()), true),
        tokens.getFirst().escaped());
  }

  /// Where the `@` is that the domain follows; the end when there is none.
  private static int last(List<Token> tokens) {
    for (int i = tokens.size() - 1; i >= 0; i--) {
      if (tokens.get(i).is('@')) {
        return i;
      }
    }
    return tokens.size();
  }

  private static String plain(List<Token> tokens) {
    return text(tokens, false);
  }

  /// @param quoted whether what was in quotes is to be in them again
  private static String text(List<Token> tokens, boolean quoted) {
    var text = new StringBuilder();
    Token before = null;
    for (Token token : tokens) {
      if (before != null && before.parted(token)) {
        text.append(' ');
      }
      text.append(
          quoted
              ? token.written()
              : token.kind() == Kind.LITERAL ? "[" + token.text() + "]" : token.text());
      before = token;
    }
    return text.toString();
  }
}
