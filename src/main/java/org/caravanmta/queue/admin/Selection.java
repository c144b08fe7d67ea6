package org.caravanmta.queue.admin;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.selector.Glob;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.TextField;

/// Which of the queues the operator means.
///
/// @param queues every queue there is
record Selection(Collection<String> queues) {
  /// @param queue one, a family (`deferred.*`), or empty for all
  /// @throws IllegalArgumentException if there is none of that name
  List<String> of(String queue) {
    return of(queue, _ -> true);
  }

  /// @param which of them the verb can be done to
  /// @throws IllegalArgumentException likewise, or if it can be done to none of them
  List<String> of(String queue, Predicate<String> which) {
    List<String> named =
        queues.stream()
            .filter(each -> queue.isEmpty() || Queues.covers(queue, each))
            .sorted()
            .toList();
    if (named.isEmpty()) {
      throw none(queue);
    }
    List<String> fit = named.stream().filter(which).toList();
    if (fit.isEmpty()) {
      throw new IllegalArgumentException("this cannot be done to the queue \"" + queue + "\"");
    }
    return fit;
  }

  /// @throws IllegalArgumentException if a selector names a queue and there is none of that name
  void expect(Selector selector) {
    switch (selector) {
      case Selector.Text(TextField field, Glob glob) -> {
        if (field == TextField.QUEUE && queues.stream().noneMatch(glob::fits)) {
          throw none(glob.pattern());
        }
      }
      case Selector.Not(Selector other) -> expect(other);
      case Selector.And(List<Selector> all) -> all.forEach(this::expect);
      case Selector.Or(List<Selector> any) -> any.forEach(this::expect);
      case Selector.All _, Selector.Numeric _, Selector.Ids _ -> {}
    }
  }

  private IllegalArgumentException none(String queue) {
    String family = queue + ".*";
    boolean begins = queues.stream().anyMatch(each -> Queues.covers(family, each));
    return new IllegalArgumentException(
        "there is no queue \""
            + queue
            + "\""
            + (begins ? "; those whose names begin so are " + family : ""));
  }

  /// In the direction in which mail flows: what goes on meanwhile is met again rather than missed.
  static List<String> alongTheFlow(List<String> names) {
    return names.stream().sorted(Comparator.comparing(Selection::place)).toList();
  }

  private static int place(String queue) {
    return queue.equals(Queues.HOLD)
        ? 0
        : queue.equals(Queues.ROUTING)
            ? 1
            : Queues.isDelivery(queue)
                ? 2
                : Queues.isWaiting(queue) ? 3 : Queues.isDeferred(queue) ? 4 : 5;
  }

  /// Whether it is mail on its way that lies on a queue.
  static boolean canBeHeld(String name) {
    return name.equals(Queues.ROUTING)
        || Queues.isDelivery(name)
        || Queues.isWaiting(name)
        || Queues.isDeferred(name);
  }
}
