package org.caravanmta.alias;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One item of what an alias stands for (postfix `aliases(5)`).
sealed interface Destination {
  /// As it is written, maybe without a domain.
  record Mailbox(String address) implements Destination {}

  /// A user behind a backslash: into the mailbox, whatever aliases and `.forward` say.
  record Own(String user) implements Destination {}

  /// `/path`; with a `/` at its end, a Maildir.
  record File(Path path, boolean maildir) implements Destination {}

  /// `|command`, as a shell reads it.
  record Command(String line) implements Destination {}

  /// `:include:/path`: the destinations that the file has, a list on each line.
  record Include(Path path) implements Destination {}

  /// Reads items parted by commas, each in double quotes or not. A comment in parentheses is left
  /// out, as is a name before an address in `<>`.
  ///
  /// @throws IllegalArgumentException says what was expected
  static List<Destination> list(String text) {
    var items = new ArrayList<Destination>();
    var item = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean special = item.toString().stripLeading().startsWith("|");
      if (c == '\\' && i + 1 < text.length()) {
        if (depth == 0) {
          item.append(c).append(text.charAt(i + 1));
        }
        i++;
      } else if (c == '"') {
        quoted ^= depth == 0;
        item.append(depth == 0 ? "\"" : "");
      } else if (!quoted && !special && c == '(') {
        depth++;
      } else if (!quoted && depth > 0 && c == ')') {
        depth--;
      } else if (!quoted && depth == 0 && c == ',') {
        add(item.toString().strip(), items);
        item.setLength(0);
      } else if (depth == 0) {
        item.append(c);
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a quote without its end in \"" + text + "\"");
    }
    add(item.toString().strip(), items);
    return items;
  }

  private static void add(String item, List<Destination> items) {
    if (!item.isEmpty()) {
      items.add(of(item));
    }
  }

  private static Destination of(String item) {
    boolean whole =
        item.length() > 1 && item.startsWith("\"") && item.indexOf('"', 1) == item.length() - 1;
    boolean escaped = item.startsWith("\"") && item.contains("\\\"") && item.endsWith("\"");
    String plain =
        whole || escaped && (item.startsWith("\"|") || item.startsWith("\"/"))
            ? item.substring(1, item.length() - 1).replaceAll("\\\\(.)", "$1")
            : item;
    if (plain.startsWith("|")) {
      return new Command(plain.substring(1).strip());
    }
    if (plain.startsWith("/")) {
      return new File(Path.of(plain), plain.endsWith("/"));
    }
    if (plain.regionMatches(true, 0, ":include:", 0, 9)) {
      String path = plain.substring(9).strip();
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException("expected :include:/path, found \"" + item + "\"");
      }
      return new Include(Path.of(path));
    }
    if (item.startsWith("\\")) {
      return new Own(item.substring(1).replace("\"", ""));
    }
    if (item.startsWith("~")) {
      throw new IllegalArgumentException("~ is not known here, in \"" + item + "\"");
    }
    int open = item.lastIndexOf('<');
    return new Mailbox(
        open >= 0 && item.endsWith(">") ? item.substring(open + 1, item.length() - 1) : item);
  }
}
