package org.caravanmta.table;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// The entries that were found while some work ran, with the table and the line of each: so
/// `caravan explain` knows which entry decided. While mail flows, nothing is recorded.
public final class Trail {
  private static final ScopedValue<Trail> FOLLOWED = ScopedValue.newInstance();

  private final List<Entry> entries = new ArrayList<>();

  private Trail() {}

  /// An entry that was found.
  ///
  /// @param table as the operator wrote it: `texthash:/etc/caravan/virtual`
  /// @param place `line 3` or `entry 2`; empty in a table without lines
  public record Entry(String table, String place, String key, String value) {
    @Override
    public String toString() {
      return table + (place.isEmpty() ? "" : ", " + place) + ": " + value;
    }
  }

  /// The result of the work, and the entries that were found meanwhile, in this order.
  public record Followed<T>(T result, List<Entry> entries) {}

  /// Runs some work and records the entries that it finds.
  public static <T> Followed<T> follow(Supplier<T> work) {
    var trail = new Trail();
    T result = ScopedValue.where(FOLLOWED, trail).call(work::get);
    return new Followed<>(result, List.copyOf(trail.entries));
  }

  /// Records an entry, if somebody follows.
  static void found(String table, String place, String key, String value) {
    if (FOLLOWED.isBound()) {
      List<Entry> entries = FOLLOWED.get().entries;
      // a search path reports what its table has just reported, but without the line
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
