package org.caravanmta.address;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.caravanmta.address.Tokens.Kind;
import org.caravanmta.address.Tokens.Token;

/// A list of addresses, files and commands as people write it in tables and `.forward` files (RFC
/// 822 §6.1; postfix `aliases(5)`, `virtual(5)`), read as Postfix reads it:
///
/// | written | members |
/// |---|---|
/// | `a@x.example, b@y.example` | both |
/// | `a@x.example b@y.example`, `<a@x.example> <b@y.example>` | both: a comma that lacks is added |
/// | `Ann (at home) <a@x.example>` | `a@x.example` |
/// | `team: a@x.example, b@y.example;` | the members of the group |
/// | `"\|cat > file"`, `\|"cat > file"` | one, with its blanks |
/// | `\|cat file` | two, `\|cat` and `file` |
///
/// @param members in their order
public record WrittenList(List<Member> members) {
  /// One of the list.
  ///
  /// @param plain without quotes, comments and names: `|cat > file`
  /// @param address likewise, with quotes where an address needs them: `"a b"@x.example`
  /// @param escaped whether it begins with a backslash outside of quotes
  public record Member(String plain, String address, boolean escaped) {
    static Member of(List<Token> tokens) {
      int at = last(tokens);
      String local = plain(tokens.subList(0, at));
      String domain = plain(tokens.subList(at, tokens.size()));
      boolean routed = tokens.getFirst().is('@');
      boolean quoted =
          tokens.subList(0, at).stream().anyMatch(token -> token.kind() == Kind.QUOTED)
              || !routed && local.chars().anyMatch(c -> !Address.isAtomOrDot((char) c));
      return new Member(
          local + domain,
          (quoted ? '"' + local.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : local) + domain,
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
      var text = new StringBuilder();
      for (Token token : tokens) {
        text.append(token.kind() == Kind.LITERAL ? "[" + token.text() + "]" : token.text());
      }
      return text.toString();
    }
  }

  public static WrittenList parse(String text) {
    return new WrittenList(new Reader(Tokens.of(text)).members());
  }

  /// Goes from the end to the start, where what an address is followed by is known before it is
  /// met.
  private static final class Reader {
    private final List<Token> tokens;
    private final List<Member> found = new ArrayList<>();
    // the token at hand; the first of those right of it that are in a member already
    private int at;
    private int right;

    Reader(List<Token> tokens) {
      this.tokens = tokens;
      this.at = tokens.size() - 1;
      this.right = tokens.size();
    }

    List<Member> members() {
      // whether a word may stand here: two of them without a sign in between are two members
      boolean word = true;
      boolean group = false;
      while (at >= 0) {
        Token token = tokens.get(at);
        if (token.isWord()) {
          if (!word) {
            member();
            right = at + 1;
          }
          word = false;
        } else if (token.is(':') && group) {
          member();
          at = before(",");
          right = at;
          continue;
        } else if (token.is('>')) {
          member();
          right = at;
          at = before("<");
          member();
          at = before(">;,:");
          right = at;
          word = true;
          continue;
        } else {
          if (token.is(';') || token.is(',')) {
            member();
            right = at;
            group |= token.is(';');
          }
          word = true;
        }
        at--;
      }
      member();
      Collections.reverse(found);
      return List.copyOf(found);
    }

    /// What is between the token at hand and those that are in members.
    private void member() {
      if (right > at + 1) {
        found.add(Member.of(tokens.subList(at + 1, right)));
      }
    }

    /// The nearest of some signs, from the token at hand to the left; the start when there is none.
    private int before(String signs) {
      int i = at;
      while (i >= 0 && !tokens.get(i).isOneOf(signs)) {
        i--;
      }
      return i;
    }
  }
}
