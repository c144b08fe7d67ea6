package org.caravanmta.table;

import java.util.List;
import java.util.regex.Pattern;
import org.caravanmta.address.Networks;

/// An item of a list of networks (postfix `postconf(5)`, `mynetworks`): `192.0.2.0/24`,
/// `[2001:db8::]/32`, a table in a file, `cidr:/etc/caravan/own`, or a file of items, each with or
/// without `!` before it. See {@link Patterns} for what it matches.
///
/// @param text the item as it is written
public record NetworkPattern(String text) {
  private static final Pattern TABLE_OR_FILE = Pattern.compile("!*\\s*(/.+|[a-z]+:[^:].*)");

  public NetworkPattern {
    if (!TABLE_OR_FILE.matcher(text).matches()) {
      Networks.of(List.of(text.replaceFirst("^!+\\s*", "")));
    }
  }

  /// The items as they are written.
  public static List<String> texts(List<NetworkPattern> patterns) {
    return patterns.stream().map(NetworkPattern::text).toList();
  }
}
