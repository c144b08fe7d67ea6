package org.caravanmta.queue.admin;

import java.util.List;
import java.util.OptionalInt;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.SelectorReader;

/// Which mail's ages are asked for, and by what: the arguments of `queue.shape`.
///
/// @param senders by the domain of the sender, each message once; otherwise by that of each
///   recipient
/// @param parents also for the domains above others that have at least so many below them
public record ShapeQuestion(
    Selector selector, AgeBuckets buckets, boolean senders, OptionalInt parents) {
  /// The arguments.
  public List<String> args() {
    return List.of(
        selector.toString(),
        Integer.toString(buckets.count()),
        Long.toString(buckets.first()),
        Boolean.toString(buckets.linear()),
        Boolean.toString(senders),
        Integer.toString(parents.orElse(0)));
  }

  /// @throws IllegalArgumentException if these are not such arguments
  static ShapeQuestion of(List<String> args) {
    if (args.size() != 6) {
      throw new IllegalArgumentException(
          "a selector, how many ages, minutes of the first, linear or not, by sender or not, how"
              + " many subdomains");
    }
    int parents = Integer.parseInt(args.get(5));
    return new ShapeQuestion(
        SelectorReader.read(args.getFirst()),
        new AgeBuckets(
            Integer.parseInt(args.get(1)),
            Long.parseLong(args.get(2)),
            Boolean.parseBoolean(args.get(3))),
        Boolean.parseBoolean(args.get(4)),
        parents > 0 ? OptionalInt.of(parents) : OptionalInt.empty());
  }
}
