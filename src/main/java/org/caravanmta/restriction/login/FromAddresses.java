package org.caravanmta.restriction.login;

import java.util.ArrayList;
import java.util.List;

/// The addresses of a `From:` field (RFC 5322 §3.6.2), without display names and comments. What is
/// no address is given as it stands, for it is nobody's.
final class FromAddresses {
  private FromAddresses() {}

  static List<String> of(String value) {
    var found = new ArrayList<String>();
    var item = new StringBuilder();
    var angled = new StringBuilder();
    boolean quoted = false;
    boolean inside = false;
    boolean closed = false;
    int depth = 0;
    for (int i = 0; i <= value.length(); i++) {
      char c = i < value.length() ? value.charAt(i) : ',';
      boolean end = i == value.length();
      if (c == '\\' && (quoted || depth > 0) && i + 1 < value.length()) {
        i++;
        if (depth == 0) {
          (inside ? angled : item).append(c).append(value.charAt(i));
        }
      } else if (quoted && !end) {
        quoted = c != '"';
        (inside ? angled : item).append(c);
      } else if (c == '"' && depth == 0) {
        quoted = true;
        (inside ? angled : item).append(c);
      } else if (c == '(') {
        depth++;
      } else if (depth > 0 && !end) {
        depth -= c == ')' ? 1 : 0;
      } else if (c == '<') {
        // a second one does not hide the first
        closed = inside;
        inside = true;
      } else if (c == '>' && inside) {
        add(found, angled);
        inside = false;
        closed = true;
      } else if (c == ',' && (!inside || end) || c == ';') {
        if (inside) {
          add(found, angled);
        } else if (!closed) {
          add(found, item);
        }
        item.setLength(0);
        angled.setLength(0);
        inside = false;
        closed = false;
        quoted = false;
      } else if (c == ':' && !inside) {
        // the name of a group
        item.setLength(0);
      } else {
        (inside ? angled : item).append(c);
      }
    }
    return found;
  }

  private static void add(List<String> found, StringBuilder text) {
    String address = text.toString().strip();
    if (!address.isEmpty()) {
      found.add(address);
    }
    text.setLength(0);
  }
}
