package org.caravanmta.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How far a message has come through content filters.
///
/// @param passed the filters after the queue that it has passed, as the steps of the route name
///   them: when a later one gives no answer, they are not asked again
/// @param custody why it is in the quarantine; absent if it is not
public record Passage(List<String> passed, Optional<Custody> custody) {
  /// Of a message that no filter has had anything to do with.
  public static final Passage NONE = new Passage(List.of(), Optional.empty());

  public Passage {
    passed = List.copyOf(passed);
  }

  /// After one more filter.
  public Passage and(String filter) {
    var all = new ArrayList<>(passed);
    all.add(filter);
    return new Passage(all, custody);
  }

  /// After the last filter of its route.
  public Passage whole() {
    return new Passage(List.of(), custody);
  }

  /// Released from the quarantine: the filter that has set it aside does not see it again.
  public Passage released() {
    String filter = custody.map(Custody::filter).orElse("");
    return new Passage(
        filter.isEmpty() || passed.contains(filter) ? passed : and(filter).passed,
        Optional.empty());
  }

  public Passage in(Custody changed) {
    return new Passage(passed, Optional.of(changed));
  }
}
