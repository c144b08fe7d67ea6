package org.caravanmta.reception;

import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
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

  public List<ListenerSettings> all() {
    return List.of(smtp, submission, submissions, reinjection);
  }
}
