package org.caravanmta.filter.hooks;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a service is told of us, and what it is to be asked about.
///
/// @param name this server, as the service lists it
/// @param token the bearer token (RFC 6750 §2.1) that the service knows us by; absent for none
/// @param stages at which it is asked, as far as it wants to be
/// @param serialization the only one that may be agreed; absent for either, and JSON where the
///   service speaks both and leaves it to us
public record HooksTerms(
    String name,
    Optional<String> token,
    Set<HooksStage> stages,
    Optional<HooksSerialization> serialization) {
  public HooksTerms {
    stages = Set.copyOf(stages);
    if (stages.isEmpty()) {
      throw new IllegalArgumentException("a service is asked at one stage at least");
    }
    if (token.isPresent() && !token.get().matches("[-A-Za-z0-9._~+/]+=*")) {
      throw new IllegalArgumentException(
          "the token has characters that a bearer token does not have (RFC 6750 §2.1)");
    }
  }

  /// What may be agreed.
  Set<HooksSerialization> serializations() {
    return serialization
        .<Set<HooksSerialization>>map(EnumSet::of)
        .orElseGet(() -> EnumSet.allOf(HooksSerialization.class));
  }

  /// Asked about whole messages only.
  public static HooksTerms messages(String name, Optional<String> token) {
    return new HooksTerms(name, token, Set.of(HooksStage.DATA), Optional.empty());
  }
}
