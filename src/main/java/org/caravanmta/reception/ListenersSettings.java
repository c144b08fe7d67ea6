package org.caravanmta.reception;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.caravanmta.address.Literals;

/// The section `listeners`: where mail comes in, with a component for each listener. No two enabled
/// listeners may have the same address.
///
/// @param smtp mail from the internet and from our own networks (RFC 5321)
/// @param submission mail from our users' programs (RFC 6409)
/// @param submissions the same, with TLS from the first byte on (RFC 8314 §3.3)
/// @param reinjection mail that a content filter gives back
public record ListenersSettings(
    ListenerSettings smtp,
    ListenerSettings submission,
    ListenerSettings submissions,
    ListenerSettings reinjection) {
  public ListenersSettings {
    var taken = new HashSet<InetSocketAddress>();
    for (ListenerSettings listener : List.of(smtp, submission, submissions, reinjection)) {
      // port 0 is any free port, so it may be there twice
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

  /// The name of the first enabled listener that `which` is true of; absent when there is none.
  public Optional<String> enabled(Predicate<ListenerSettings> which) {
    var named = new LinkedHashMap<String, ListenerSettings>();
    named.put("smtp", smtp);
    named.put("submission", submission);
    named.put("submissions", submissions);
    named.put("reinjection", reinjection);
    return named.entrySet().stream()
        .filter(each -> each.getValue().enabled() && which.test(each.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// Every listener, enabled or not.
  public List<ListenerSettings> all() {
    return List.of(smtp, submission, submissions, reinjection);
  }
}
