package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.caravanmta.queue.admin.AgeBuckets;
import org.caravanmta.queue.admin.ShapeQuestion;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.TextField;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `caravan queue shape` counts, and how it is shown: the options have the letters of qshape's
/// (postfix `qshape(1)`).
final class ShapeOptions {
  @Mixin private SelectorOptions options = new SelectorOptions();

  @Option(
      names = "-s",
      description = "Counts messages by their senders' domains, not recipients by theirs.")
  private boolean senders;

  @Option(
      names = "-p",
      description = "Counts for the domains above others, too, shown with a dot: .example.org")
  private boolean parents;

  @Option(
      names = "-m",
      paramLabel = "N",
      description = "With -p: above at least so many others. Default: ${DEFAULT-VALUE}.")
  private int subdomains = 5;

  @Option(
      names = "-b",
      paramLabel = "N",
      description = "How many ages; the last has no end. Default: ${DEFAULT-VALUE}.")
  private int count = AgeBuckets.COUNT;

  @Option(
      names = "-t",
      paramLabel = "MINUTES",
      description = "Where the first age ends. Default: ${DEFAULT-VALUE}.")
  private long first = AgeBuckets.FIRST;

  @Option(names = "-l", description = "Each age is as long as the first, not twice the one before.")
  private boolean linear;

  @Option(names = "-n", paramLabel = "N", description = "Only the first so many domains.")
  private int most = Integer.MAX_VALUE;

  @Option(
      names = "-w",
      paramLabel = "COLUMNS",
      description = "How wide a line is. Default: ${DEFAULT-VALUE}, and never less.")
  private int width = ShapeTable.WIDTH;

  @Option(names = "--json", description = "One JSON object per line for each domain.")
  private boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "QUEUE",
      description = "Queues, or families of them: deferred.* Default: all.")
  private List<String> queues = new ArrayList<>();

  boolean json() {
    return json;
  }

  int most() {
    return most;
  }

  int width() {
    return width;
  }

  List<String> queues() {
    return queues;
  }

  /// @throws IllegalArgumentException says which option is wrong
  ShapeQuestion question() {
    if (subdomains < 1 || most < 1) {
      throw new IllegalArgumentException((subdomains < 1 ? "-m" : "-n") + " is at least 1");
    }
    Selector selected = options.selector().orElse(Selector.all());
    return new ShapeQuestion(
        queues.isEmpty() ? selected : SelectorOptions.any(TextField.QUEUE, queues).and(selected),
        new AgeBuckets(count, first, linear),
        senders,
        parents ? OptionalInt.of(subdomains) : OptionalInt.empty());
  }
}
