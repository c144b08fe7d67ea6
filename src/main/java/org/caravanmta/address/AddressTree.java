package org.caravanmta.address;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import org.caravanmta.address.AddressTokens.Kind;
import org.caravanmta.address.AddressTokens.Token;

/// A list of addresses with all that stands around them, as people write it (RFC 822 §6.1; RFC 5322
/// §3.4): names, comments, groups. Read as Postfix reads it (postfix `tok822(3)`): any text is a
/// list, of which nothing is thrown away; a comma that lacks between two addresses is added; a
/// comment within an address is moved after it.
///
/// @param nodes from left to right
public record AddressTree(List<Node> nodes) {
  /// Where an address field is folded, as Postfix does.
  private static final int COLUMNS = 70;

  /// More are not one list (postfix `header_address_token_limit`).
  private static final int MOST_TOKENS = 10_240;

  /// A piece of the list.
  public sealed interface Node {
    /// An address without what stands around it.
    record Of(WrittenMember member) implements Node {}

    /// What is not part of an address: a word of a name, a comment, a comma.
    record Around(Token token) implements Node {}

    /// The colon after the name of a group.
    record Group() implements Node {}
  }

  private static final Node COMMA = new Node.Around(new Token(Kind.SPECIAL, ",", 0, 0, false));

  public static AddressTree parse(String text) {
    return new Reader(AddressTokens.withComments(text)).tree();
  }

  /// As {@link #parse}, but nothing for a text that no one could mean as a list.
  public static AddressTree parseField(String text) {
    List<Token> tokens = AddressTokens.withComments(text);
    return tokens.size() > MOST_TOKENS ? new AddressTree(List.of()) : new Reader(tokens).tree();
  }

  public List<WrittenMember> members() {
    var members = new ArrayList<WrittenMember>();
    for (Node node : nodes) {
      if (node instanceof Node.Of(WrittenMember member)) {
        members.add(member);
      }
    }
    return List.copyOf(members);
  }

  /// With every address replaced by what `change` makes of it; the same tree when that is the same
  /// for all.
  public AddressTree map(UnaryOperator<String> change) {
    var mapped = new ArrayList<Node>(nodes.size());
    boolean changed = false;
    for (Node node : nodes) {
      switch (node) {
        case Node.Of(WrittenMember member) -> {
          String after = change.apply(member.address());
          boolean same = after.equals(member.address());
          changed |= !same;
          mapped.add(same ? node : new Node.Of(WrittenMember.of(AddressTokens.of(after))));
        }
        case Node.Around _, Node.Group() -> mapped.add(node);
      }
    }
    return changed ? new AddressTree(List.copyOf(mapped)) : this;
  }

  /// As the value of a field called `name`, folded after commas.
  public String folded(String name) {
    var value = new StringBuilder();
    // of the line at hand, with the field's name and without the tab that it is folded by
    int column = name.length() + 2;
    for (String piece : pieces()) {
      if (value.isEmpty()) {
        value.append(piece);
        column += piece.length();
      } else if (column + 1 + piece.length() < COLUMNS) {
        value.append(' ').append(piece);
        column += 1 + piece.length();
      } else {
        value.append("\r\n\t").append(piece);
        column = piece.length();
      }
    }
    return value.toString();
  }

  /// What stands from comma to comma.
  private List<String> pieces() {
    var pieces = new ArrayList<String>();
    var piece = new StringBuilder();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      piece.append(text(node));
      if (is(node, ',')) {
        pieces.add(piece.toString());
        piece.setLength(0);
      } else if (i + 1 < nodes.size() && parted(node, nodes.get(i + 1))) {
        piece.append(' ');
      }
    }
    if (!piece.isEmpty()) {
      pieces.add(piece.toString());
    }
    return pieces;
  }

  /// Whether a blank is needed between two.
  private static boolean parted(Node left, Node right) {
    return left instanceof Node.Group || is(right, '<') || isText(left) && isText(right);
  }

  private static boolean isText(Node node) {
    return switch (node) {
      case Node.Of _ -> true;
      case Node.Around(Token token) -> token.kind() != Kind.SPECIAL;
      case Node.Group() -> false;
    };
  }

  private static boolean is(Node node, char sign) {
    return node instanceof Node.Around(Token token) && token.is(sign);
  }

  private static String text(Node node) {
    return switch (node) {
      case Node.Of(WrittenMember member) -> member.standard();
      case Node.Group() -> ":";
      case Node.Around(Token token) -> token.written();
    };
  }

  /// Goes from the end to the start, where what an address is followed by is known before it is
  /// met.
  private static final class Reader {
    private final List<Token> tokens;
    private final Deque<Node> nodes = new ArrayDeque<>();
    // what may be an address, of the tokens right of the one at hand
    private final Deque<Token> open = new ArrayDeque<>();
    private int at;

    Reader(List<Token> tokens) {
      this.tokens = tokens;
      this.at = tokens.size() - 1;
    }

    AddressTree tree() {
      // whether a word may stand here: two of them without a special character in between are two
      // addresses
      boolean word = true;
      boolean group = false;
      // whether what is right of here is not part of an address
      boolean apart = false;
      while (at >= 0) {
        Token token = tokens.get(at);
        if (token.kind() == Kind.COMMENT) {
          nodes.addFirst(new Node.Around(token));
        } else if (token.is(':') && group) {
          address();
          nodes.addFirst(new Node.Group());
          at--;
          pass(",");
          apart = true;
          continue;
        } else if (token.is('>')) {
          route();
          word = true;
          apart = true;
          continue;
        } else if (token.is(';') || token.is(',')) {
          if (address() && token.is(';')) {
            nodes.addFirst(COMMA);
          }
          nodes.addFirst(new Node.Around(token));
          group |= token.is(';');
          word = true;
        } else if (token.isWord()) {
          if (!word && address()) {
            nodes.addFirst(COMMA);
          }
          open.addFirst(token);
          word = false;
        } else if (apart) {
          nodes.addFirst(new Node.Around(token));
          word = true;
        } else {
          open.addFirst(token);
          word = true;
        }
        apart = false;
        at--;
      }
      address();
      return new AddressTree(List.copyOf(nodes));
    }

    /// An address in `<>`, and the name before it.
    private void route() {
      if (address()) {
        nodes.addFirst(COMMA);
      }
      nodes.addFirst(new Node.Around(tokens.get(at--)));
      while (at >= 0 && !tokens.get(at).is('<')) {
        Token token = tokens.get(at--);
        if (token.kind() == Kind.COMMENT) {
          nodes.addFirst(new Node.Around(token));
        } else {
          open.addFirst(token);
        }
      }
      address();
      pass(">;,:");
    }

    /// Goes to the nearest of some characters, past what is not part of an address.
    private void pass(String signs) {
      while (at >= 0 && !tokens.get(at).isOneOf(signs)) {
        nodes.addFirst(new Node.Around(tokens.get(at--)));
      }
    }

    /// Whether there was one.
    private boolean address() {
      if (open.isEmpty()) {
        return false;
      }
      nodes.addFirst(new Node.Of(WrittenMember.of(List.copyOf(open))));
      open.clear();
      return true;
    }
  }
}
