package org.caravanmta.queue.selector;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// Which messages are meant: tests of what is known of each, joined by and, or and not. Its text is
/// read back by {@link SelectorReader}.
public sealed interface Selector {
  /// Every message.
  static Selector all() {
    return new All();
  }

  /// Whether a message is meant.
  Truth of(Judged message);

  /// Whether both mean it.
  default Selector and(Selector other) {
    return switch (this) {
      case All() -> other;
      case Selector one -> other instanceof All ? one : new And(List.of(one, other));
    };
  }

  /// Every message.
  record All() implements Selector {
    @Override
    public Truth of(Judged message) {
      return Truth.YES;
    }

    @Override
    public String toString() {
      return "all";
    }
  }

  /// One of its texts fits.
  record Text(TextField field, Glob glob) implements Selector {
    public static Text of(TextField field, String pattern) {
      return new Text(
          field, field == TextField.DOMAIN ? Glob.ofDomain(pattern) : new Glob(pattern));
    }

    @Override
    public Truth of(Judged message) {
      Optional<List<String>> texts = message.texts(field);
      return texts.isEmpty()
          ? Truth.UNKNOWN
          : Truth.of(
              texts.get().stream()
                  .anyMatch(field == TextField.REASON ? glob::fitsPart : glob::fits));
    }

    @Override
    public String toString() {
      return field.word() + "=" + glob.quoted();
    }
  }

  /// Its number compares like this.
  record Numeric(NumberField field, Comparison comparison, long value) implements Selector {
    @Override
    public Truth of(Judged message) {
      OptionalLong number = message.number(field);
      return number.isEmpty()
          ? Truth.UNKNOWN
          : Truth.of(comparison.holds(number.getAsLong(), value));
    }

    @Override
    public String toString() {
      return field.word()
          + comparison.mark()
          + (field == NumberField.AGE ? Age.written(value) : value);
    }
  }

  /// The other does not mean it.
  record Not(Selector other) implements Selector {
    @Override
    public Truth of(Judged message) {
      return other.of(message).not();
    }

    @Override
    public String toString() {
      return "not " + bracketed(other);
    }
  }

  /// All of these mean it.
  ///
  /// @param all two or more
  record And(List<Selector> all) implements Selector {
    public And {
      all = List.copyOf(all);
    }

    @Override
    public Truth of(Judged message) {
      Truth truth = Truth.YES;
      for (Selector each : all) {
        truth = truth.and(each.of(message));
        if (truth == Truth.NO) {
          break;
        }
      }
      return truth;
    }

    @Override
    public String toString() {
      return all.stream().map(Selector::bracketed).collect(Collectors.joining(" and "));
    }
  }

  /// One of these means it.
  ///
  /// @param any two or more
  record Or(List<Selector> any) implements Selector {
    public Or {
      any = List.copyOf(any);
    }

    @Override
    public Truth of(Judged message) {
      Truth truth = Truth.NO;
      for (Selector each : any) {
        truth = truth.or(each.of(message));
        if (truth == Truth.YES) {
          break;
        }
      }
      return truth;
    }

    @Override
    public String toString() {
      return any.stream().map(Selector::bracketed).collect(Collectors.joining(" or "));
    }
  }

  private static String bracketed(Selector inner) {
    return switch (inner) {
      case And _, Or _ -> "(" + inner + ")";
      case All _, Text _, Numeric _, Not _ -> inner.toString();
    };
  }
}
