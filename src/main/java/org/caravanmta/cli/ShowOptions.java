package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.TextField;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Which messages `caravan queue show` shows: ids, options that select, or both.
final class ShowOptions {
  @Mixin private SelectorOptions options = new SelectorOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "ID",
      description = "Ids as `caravan queue list` shows them.")
  private List<String> ids = new ArrayList<>();

  List<String> ids() {
    return ids;
  }

  /// The one id that is named, if nothing else is.
  Optional<String> onlyId() {
    return ids.size() == 1 && options.selector().isEmpty()
        ? Optional.of(ids.getFirst())
        : Optional.empty();
  }

  /// Those that are meant.
  ///
  /// @throws IllegalArgumentException if nothing was said
  Selector selector() {
    Optional<Selector> selected = options.selector();
    if (ids.isEmpty()) {
      return selected.orElseThrow(
          () ->
              new IllegalArgumentException(
                  "name messages by their ids or by options such as --domain"));
    }
    return SelectorOptions.any(TextField.ID, ids).and(selected.orElse(Selector.all()));
  }
}
