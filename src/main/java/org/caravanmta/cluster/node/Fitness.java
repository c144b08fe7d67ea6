package org.caravanmta.cluster.node;

import java.util.Optional;

/// Whether a node is fit for work.
///
/// @param expelled another has taken over its mail meanwhile
/// @param leaving the operator wants it to take part in nothing
/// @param locked it has its lock
/// @param home what others have taken over is known
/// @param recorded another node keeps copies of its mail, or none is wanted
record Fitness(boolean expelled, boolean leaving, boolean locked, boolean home, boolean recorded) {
  /// Why it takes no mail, or begins none; empty if it does both.
  Optional<String> impediment() {
    if (expelled) {
      return Optional.of("another node has taken over the mail of this one, which begins again");
    }
    if (leaving) {
      return Optional.of("this node is drained: it takes no mail");
    }
    if (!locked) {
      return Optional.of(
          "this node has no lock, as the lock service does not answer or most of its peers are"
              + " away: nothing is begun, and no mail taken of which nobody keeps a copy");
    }
    if (!home) {
      return Optional.of(
          "it is not known yet what others have taken over: no mail is taken, and nothing begun");
    }
    if (!recorded) {
      return Optional.of(
          "no other node keeps copies of the mail of this one: none is taken, and nothing begun");
    }
    return Optional.empty();
  }
}
