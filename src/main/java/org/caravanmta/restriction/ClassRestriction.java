package org.caravanmta.restriction;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/// Leaves a case to a restriction class (postfix `RESTRICTION_CLASS_README`), which is a route of
/// this name.
record ClassRestriction(String name) implements Restriction {
  private static final ScopedValue<Set<String>> NAMED = ScopedValue.newInstance();

  @Override
  public Finding ask(RestrictedCase asked) {
    return new Finding.OfClass(name);
  }

  /// What was made, and which classes it names, by itself or in the tables that it asks.
  record Made<T>(T what, Set<String> classes) {}

  /// Makes restrictions and opens their tables.
  static <T> Made<T> made(Supplier<T> making) {
    var named = new LinkedHashSet<String>();
    T what = ScopedValue.where(NAMED, named).call(making::get);
    return new Made<>(what, Set.copyOf(named));
  }

  /// One that is named by what is being made.
  static ClassRestriction of(String name) {
    if (NAMED.isBound()) {
      NAMED.get().add(name);
    }
    return new ClassRestriction(name);
  }
}
