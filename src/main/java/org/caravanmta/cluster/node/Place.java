package org.caravanmta.cluster.node;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the copies of a journal are, as it is written at the lock service.
///
/// @param keeper the node that keeps them
/// @param complete whether it has been told of everything; until then the rest is where it was
record Place(String keeper, boolean complete) {
  private static final Pattern FORM = Pattern.compile("([A-Za-z0-9-]+) (all|some)");

  /// The key of that.
  static String key(String node, String journal) {
    return "copies." + node + "." + journal;
  }

  static Optional<Place> read(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(new Place(form.group(1), form.group(2).equals("all")))
        : Optional.empty();
  }

  String text() {
    return keeper + (complete ? " all" : " some");
  }
}
