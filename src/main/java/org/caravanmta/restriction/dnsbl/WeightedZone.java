package org.caravanmta.restriction.dnsbl;

import java.util.List;

/// A DNS list and what it weighs (postfix `postscreen_dnsbl_sites`).
///
/// @param weight less than zero: the list speaks for the clients it has
record WeightedZone(Zone zone, int weight) {
  /// @param texts each `ZONE` or `ZONE=FILTER`, with `*WEIGHT` after it where that is not 1
  /// @throws IllegalArgumentException names the zone that cannot be understood
  static List<WeightedZone> all(List<String> texts) {
    return texts.stream().map(WeightedZone::parse).toList();
  }

  private static WeightedZone parse(String text) {
    int star = text.lastIndexOf('*');
    if (star < 0) {
      return new WeightedZone(Zone.parse(text), 1);
    }
    String weight = text.substring(star + 1).strip();
    if (!weight.matches("[+-]?\\d{1,5}")) {
      throw new IllegalArgumentException("expected a weight such as 2 or -1 after *, was " + text);
    }
    return new WeightedZone(Zone.parse(text.substring(0, star)), Integer.parseInt(weight));
  }
}
