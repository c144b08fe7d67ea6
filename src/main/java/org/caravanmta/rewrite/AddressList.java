package org.caravanmta.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// The addresses of a header field (RFC 5322 §3.4) or of a table's value, with all that stands
/// around them: display names, comments, groups. Text that is no address by this grammar is kept as
/// it is.
///
/// @param items parted by commas
public record AddressList(List<Item> items) {
  /// Where an address field is folded, as Postfix does.
  private static final int COLUMNS = 70;

  /// Where a line is folded (RFC 5322 §2.2.3).
  private static final Pattern FOLD = Pattern.compile("\\s*\r?\n\\s*");

  /// White space beside the dots and the `@` of an address (RFC 5322 §4.4), which means nothing.
  private static final Pattern SPACE = Pattern.compile("(\"[^\"]*\")|\\s+(?=[@.])|(?<=[@.])\\s+()");

  /// What stands between two commas.
  ///
  /// @param text without white space around it
  /// @param from where in `text` the address starts
  /// @param to where it ends; `from` when there is none
  public record Item(String text, int from, int to) {
    public boolean hasAddress() {
      return to > from;
    }

    /// @throws IllegalArgumentException if there is none
    public String address() {
      if (!hasAddress()) {
        throw new IllegalArgumentException("\"" + text + "\" is not an address");
      }
      return SPACE.matcher(unfolded(text.substring(from, to))).replaceAll("$1$2");
    }

    /// The same item, white space inside the address and all, when it is the same address.
    Item changed(String address) {
      return address.equals(address()) ? this : with(address);
    }

    private Item with(String address) {
      return new Item(
          text.substring(0, from) + address + text.substring(to), from, from + address.length());
    }
  }

  public static AddressList parse(String value) {
    return new Reader(value).list();
  }

  /// With every address replaced by what `change` makes of it.
  AddressList map(UnaryOperator<String> change) {
    return new AddressList(
        items.stream()
            .map(item -> item.hasAddress() ? item.changed(change.apply(item.address())) : item)
            .toList());
  }

  /// As the value of a field called `name`, folded.
  String folded(String name) {
    var value = new StringBuilder();
    int column = name.length() + 2;
    for (Item item : items) {
      String text = unfolded(item.text());
      if (!value.isEmpty()) {
        boolean fits = column + 2 + text.length() <= COLUMNS;
        value.append(fits ? ", " : ",\r\n\t");
        column = fits ? column + 2 : 8;
      }
      value.append(text);
      column += text.length();
    }
    return value.toString();
  }

  private static String unfolded(String text) {
    return text.indexOf('\n') < 0 ? text : FOLD.matcher(text).replaceAll(" ");
  }

  /// Goes through the text once.
  private static final class Reader {
    private final String text;
    private final List<Item> items = new ArrayList<>();
    // of the item at hand: where it starts, the address outside of <> and inside
    private int start;
    private int bareFrom = -1;
    private int bareTo = -1;
    private boolean several;
    private int angleFrom = -1;
    private int angleTo = -1;

    private Reader(String text) {
      this.text = text;
    }

    private AddressList list() {
      int at = 0;
      while (at < text.length()) {
        char c = text.charAt(at);
        switch (c) {
          case '(' -> at = comment(at);
          case '<' -> at = angle(at);
          case ',' -> {
            item(at);
            start = ++at;
          }
          case ':' -> {
            // the name of a group is no address; the group's first member follows
            forget();
            at++;
          }
          case ';' -> at++;
          default -> at = Character.isWhitespace(c) ? at + 1 : word(at);
        }
      }
      item(at);
      return new AddressList(List.copyOf(items));
    }

    private void item(int end) {
      String raw = text.substring(start, end);
      String bare = raw.strip();
      if (!bare.isEmpty()) {
        int offset = start + raw.indexOf(bare);
        if (angleFrom >= 0) {
          items.add(new Item(bare, angleFrom - offset, angleTo - offset));
        } else if (bareFrom >= 0 && !several) {
          items.add(new Item(bare, bareFrom - offset, bareTo - offset));
        } else {
          items.add(new Item(bare, 0, 0));
        }
      }
      forget();
    }

    private void forget() {
      bareFrom = -1;
      angleFrom = -1;
      several = false;
    }

    /// A run of signs without white space: `joe@example.org`, `"first last"@example.org`.
    private int word(int from) {
      int at = from;
      while (at < text.length()) {
        char c = text.charAt(at);
        if (Character.isWhitespace(c) || "(<,;:".indexOf(c) >= 0) {
          break;
        }
        at = c == '"' ? quoted(at) : c == '[' ? literal(at) : at + 1;
      }
      boolean goesOn =
          bareFrom >= 0
              && text.substring(bareTo, from).isBlank()
              && ("@.".indexOf(text.charAt(bareTo - 1)) >= 0
                  || "@.".indexOf(text.charAt(from)) >= 0);
      several |= bareFrom >= 0 && !goesOn;
      bareFrom = goesOn ? bareFrom : from;
      bareTo = at;
      return at;
    }

    private int angle(int from) {
      int at = from + 1;
      while (at < text.length() && text.charAt(at) != '>') {
        at = text.charAt(at) == '"' ? quoted(at) : at + 1;
      }
      if (at < text.length()) {
        String inside = text.substring(from + 1, at);
        int lead = inside.length() - inside.stripLeading().length();
        angleFrom = from + 1 + lead;
        angleTo = angleFrom + inside.strip().length();
      }
      return Math.min(at + 1, text.length());
    }

    private int quoted(int from) {
      int at = from + 1;
      while (at < text.length() && text.charAt(at) != '"') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      return Math.min(at + 1, text.length());
    }

    private int literal(int from) {
      int end = text.indexOf(']', from);
      return end < 0 ? from + 1 : end + 1;
    }

    private int comment(int from) {
      int depth = 0;
      int at = from;
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '\\') {
          at++;
        } else if (c == '(') {
          depth++;
        } else if (c == ')' && --depth == 0) {
          return at + 1;
        }
        at++;
      }
      return text.length();
    }
  }
}
