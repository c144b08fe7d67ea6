package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Which entries answered while somebody follows, with the table and the line they stand in: how
/// `caravan explain` knows who decided. Nobody follows while mail flows.
public final class Trail {
  private static final ScopedValue<Trail> FOLLOWED = ScopedValue.newInstance();

  private final List<Entry> entries = new ArrayList<>();

  private Trail() {}

  /// An entry that was found.
  ///
  /// @param table as the operator wrote it: `texthash:/etc/caravan/virtual`
  /// @param place `line 3`, or empty in a table without lines
  public record Entry(String table, String place, String key, String value) {
    @Override
    public String toString() {
      return table + (place.isEmpty() ? "" : ", " + place) + ": " + value;
    }
  }

  /// What came of it, and which entries were found meanwhile, in this order.
  public record Followed<T>(T result, List<Entry> entries) {}

  public static <T> Followed<T> follow(Supplier<T> work) {
    var trail = new Trail();
    T result = ScopedValue.where(FOLLOWED, trail).call(work::get);
    return new Followed<>(result, List.copyOf(trail.entries));
  }

  /// Told by each table that finds a key.
  static void found(String table, String place, String key, String value) {
    if (FOLLOWED.isBound()) {
      List<Entry> entries = FOLLOWED.get().entries;
      // whoever asks several tables says so too, without knowing the line
      if (place.isEmpty()
          && !entries.isEmpty()
          && entries.getLast().table().equals(table)
          && entries.getLast().value().equals(value)) {
        return;
      }
      entries.add(new Entry(table, place, key, value));
    }
  }
}
