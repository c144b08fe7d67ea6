package org.caravanmta.reception;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.caravanmta.address.Literals;

/// The section `listeners`: where mail comes in, a component for each.
public record ListenersSettings(
    ListenerSettings smtp,
    ListenerSettings submission,
    ListenerSettings submissions,
    ListenerSettings reinjection) {
  public ListenersSettings {
    var taken = new HashSet<InetSocketAddress>();
    for (ListenerSettings listener : List.of(smtp, submission, submissions, reinjection)) {
      // port 0 is any free port, so two of them never meet
      if (listener.enabled()
          && listener.address().getPort() != 0
          && !taken.add(listener.address())) {
        throw new IllegalArgumentException(
            "two enabled listeners have the address "
                + Literals.scoped(listener.address())
                + ", each needs its own");
      }
    }
  }

  /// The name of the first listener that is enabled and is such a one.
  public Optional<String> enabled(Predicate<ListenerSettings> such) {
    var named = new LinkedHashMap<String, ListenerSettings>();
    named.put("smtp", smtp);
    named.put("submission", submission);
    named.put("submissions", submissions);
    named.put("reinjection", reinjection);
    return named.entrySet().stream()
        .filter(each -> each.getValue().enabled() && such.test(each.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  public List<ListenerSettings> all() {
    return List.of(smtp, submission, submissions, reinjection);
  }
}
