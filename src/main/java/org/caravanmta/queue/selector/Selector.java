package org.caravanmta.queue.selector;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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

  /// What means the same and is found out faster: of a message, it is looked up among many ids, not
  /// compared with each.
  default Selector quick() {
    return switch (this) {
      case Or(List<Selector> any) -> {
        var ids = new HashSet<String>();
        var others = new ArrayList<Selector>();
        for (Selector each : any) {
          if (each instanceof Text text && text.isId()) {
            ids.add(text.glob().pattern());
          } else {
            others.add(each.quick());
          }
        }
        if (!ids.isEmpty()) {
          others.addFirst(new Ids(ids));
        }
        yield others.size() == 1 ? others.getFirst() : new Or(others);
      }
      case And(List<Selector> all) -> new And(all.stream().map(Selector::quick).toList());
      case Not(Selector other) -> new Not(other.quick());
      case All _, Text _, Numeric _, Ids _ -> this;
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
          field,
          switch (field) {
            case DOMAIN -> Glob.ofDomain(pattern);
            case SENDER, RECIPIENT -> Glob.ofAddress(pattern);
            case ID, NEXT_HOP, TRANSPORT, QUEUE, REASON, FILTER, CLIENT, SUBJECT ->
                new Glob(pattern);
          });
    }

    @Override
    public Truth of(Judged message) {
      Optional<List<String>> texts = message.texts(field);
      return texts.isEmpty()
          ? Truth.UNKNOWN
          : Truth.of(
              texts.get().stream()
                  .anyMatch(
                      switch (field) {
                        case ID -> glob::fitsExactly;
                        case REASON, FILTER, SUBJECT -> glob::fitsPart;
                        default -> glob::fits;
                      }));
    }

    private boolean isId() {
      return field == TextField.ID && glob.isFixed();
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
      return field.word() + comparison.mark() + (field.isTime() ? Age.written(value) : value);
    }
  }

  /// It has one of these ids.
  record Ids(Set<String> ids) implements Selector {
    public Ids {
      ids = Set.copyOf(ids);
    }

    @Override
    public Truth of(Judged message) {
      return message
          .texts(TextField.ID)
          .map(texts -> Truth.of(texts.stream().anyMatch(ids::contains)))
          .orElse(Truth.UNKNOWN);
    }

    @Override
    public String toString() {
      return ids.stream()
          .map(id -> Text.of(TextField.ID, id).toString())
          .sorted()
          .collect(Collectors.joining(" or "));
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
      case And _, Or _, Ids _ -> "(" + inner + ")";
      case All _, Text _, Numeric _, Not _ -> inner.toString();
    };
  }
}
