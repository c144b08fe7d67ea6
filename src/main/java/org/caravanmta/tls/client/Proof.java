package org.caravanmta.tls.client;

import java.util.Optional;

/// What a server has proved by its certificate.
///
/// @param trust what it is worth
/// @param named whether it is for the server that was called, as far as the caller knows its name
/// @param problem what is wrong with it for the policy; absent if nothing is
/// @param why the same for people; may be empty
/// @param watched what it lacks for what is only watched, see {@link Trial}; absent if nothing
public record Proof(
    Trust trust,
    boolean named,
    Optional<TlsProblem> problem,
    String why,
    Optional<Shortcoming> watched) {
  static Proof of(Trust trust, boolean named) {
    return new Proof(trust, named, Optional.empty(), "", Optional.empty());
  }

  static Proof lacking(Trust trust, boolean named, TlsProblem problem, String why) {
    return new Proof(trust, named, Optional.of(problem), why, Optional.empty());
  }
}
