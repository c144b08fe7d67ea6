package org.caravanmta.filter.hooks;

import org.caravanmta.filter.contract.DialogueFilter;
import org.caravanmta.filter.contract.Follower;

/// A service that speaks MTA Hooks, and is asked at each step of the dialogue too.
///
/// @param hostname the name of this server
public record FollowedHooks(HooksService service, String hostname) implements DialogueFilter {
  @Override
  public Follower follow() {
    return new HooksFollower(service, hostname);
  }

  @Override
  public void close() {
    service.close();
  }
}
