package org.caravanmta.sasl.client;

import java.util.List;
import org.caravanmta.address.Ascii;

/// Which of the mechanisms that servers offer may be used (postfix `smtp_sasl_mechanism_filter`):
/// names, in any case; `!NAME` for one that may not; `static:all` for the rest. The first item that
/// fits decides; what no item fits may not be used. Without items, every mechanism may be.
public record MechanismFilter(List<String> items) {
  private static final String REST = "STATIC:";

  /// @throws IllegalArgumentException names the item that is none of these
  public MechanismFilter {
    for (String item : items) {
      if (!item.matches("!?[A-Za-z0-9_-]{1,20}|(?i)static:.+")) {
        throw new IllegalArgumentException(
            item + " is not the name of a mechanism, !NAME or static:all");
      }
    }
    items = List.copyOf(items);
  }

  /// @param mechanism in capitals
  boolean allows(String mechanism) {
    for (String item : items) {
      String upper = Ascii.upper(item);
      if (upper.startsWith(REST) || upper.equals(mechanism)) {
        return true;
      }
      if (upper.equals("!" + mechanism)) {
        return false;
      }
    }
    return items.isEmpty();
  }
}
