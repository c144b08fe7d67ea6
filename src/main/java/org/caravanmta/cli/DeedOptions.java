package org.caravanmta.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import org.caravanmta.queue.admin.VerbResult;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.TextField;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// To which messages a verb is done, and how: ids or `ALL`, options that select, or both.
final class DeedOptions {
  /// Ids in one question to the server, which reads none of any length.
  private static final int AT_ONCE = 5_000;

  @Mixin private SelectorOptions options = new SelectorOptions();

  @Option(names = "--dry-run", description = "Only names what would be done.")
  private boolean dry;

  @Option(names = "--json", description = "One JSON object per line for each message.")
  private boolean json;

  @Parameters(
      arity = "0..*",
      paramLabel = "ID",
      description = "Ids as `caravan queue list` shows them, - for ids on standard input, or ALL.")
  private @Nullable List<String> ids;

  private @Nullable List<String> read;

  boolean dry() {
    return dry;
  }

  boolean json() {
    return json;
  }

  /// Whether messages are named by ids, or ALL, and at most a queue.
  boolean isPlain() {
    return !dry
        && !json
        && !ids().isEmpty()
        && (options.selector().isEmpty() || options.onlyQueue().isPresent());
  }

  /// Whether nothing at all is named.
  boolean isNothing() {
    return ids().isEmpty() && options.selector().isEmpty();
  }

  String queue() {
    return options.onlyQueue().orElse("");
  }

  /// The ids, where `-` is replaced by those on standard input.
  List<String> ids() {
    if (read == null) {
      var all = new ArrayList<String>();
      for (String id : ids == null ? List.<String>of() : ids) {
        if (id.equals("-")) {
          new Scanner(System.in, StandardCharsets.UTF_8).forEachRemaining(all::add);
        } else {
          all.add(id);
        }
      }
      read = List.copyOf(all);
    }
    return read;
  }

  /// Those that are meant, ids so many at a time.
  ///
  /// @throws IllegalArgumentException if nothing was said, or nothing that selects without `ALL`
  List<Selector> selectors() {
    Optional<Selector> selected = options.selector();
    boolean all = ids().contains(VerbResult.ALL);
    List<String> named = ids().stream().filter(id -> !id.equals(VerbResult.ALL)).toList();
    if (!all
        && named.isEmpty()
        && selected.filter(each -> !each.equals(Selector.all())).isEmpty()) {
      throw new IllegalArgumentException(
          "name messages by their ids or by options such as --domain, or say ALL");
    }
    Selector by = selected.orElse(Selector.all());
    if (all || named.isEmpty()) {
      return List.of(by);
    }
    var selectors = new ArrayList<Selector>();
    for (int from = 0; from < named.size(); from += AT_ONCE) {
      List<String> some = named.subList(from, Math.min(named.size(), from + AT_ONCE));
      selectors.add(SelectorOptions.any(TextField.ID, some).and(by));
    }
    return selectors;
  }
}
