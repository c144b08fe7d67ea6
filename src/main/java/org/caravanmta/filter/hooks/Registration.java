package org.caravanmta.filter.hooks;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.WireInput;

/// What a service has agreed to (draft-degennaro-mta-hooks-01, "Registration Response").
///
/// @param id by which the service knows it
/// @param endpoint where it is asked
/// @param farewell where the registration is given up; absent if it just ends
/// @param expires when it ends; absent if it does not
/// @param renewal when it is to be made anew; absent likewise
/// @param serialization of what it is asked
/// @param longest the most bytes that a message may have; empty if the service has not said
record Registration(
    String id,
    URI endpoint,
    Optional<URI> farewell,
    Optional<Instant> expires,
    Optional<Instant> renewal,
    HooksSerialization serialization,
    Subscription inbound,
    Subscription outbound,
    OptionalLong longest) {
  private static final Pattern ID = Pattern.compile("[-A-Za-z0-9_:]{1,255}");

  /// How long before its end a registration is made anew, at most.
  private static final Duration AHEAD = Duration.ofMinutes(1);

  /// A tenth of the time that it lasts, if that is less.
  private static final int PART = 10;

  /// @param said of the service
  /// @param wanted what it was told that it may have
  /// @param known the serializations that may be agreed
  /// @param at where it was asked
  /// @throws IOException if it is not an answer, or not one that we can do anything with
  static Registration read(
      JsonObject said, Wanted wanted, Set<HooksSerialization> known, HooksPlace at, Instant now)
      throws IOException {
    String id =
        HooksJson.required(
            HooksJson.text(said, "registrationId").filter(ID.asMatchPredicate()),
            "a registrationId");
    String status = HooksJson.text(said, "status").orElse("");
    if (!status.equals("active")) {
      throw new IOException("the registration is \"" + WireInput.shown(status) + "\", not active");
    }
    JsonObject negotiated =
        HooksJson.required(HooksJson.object(said, "negotiated"), "what is negotiated");
    String word = HooksJson.text(negotiated, "serialization").orElse("");
    HooksSerialization serialization =
        HooksSerialization.of(word)
            .filter(known::contains)
            .orElseThrow(
                () ->
                    new IOException(
                        "the service wants \""
                            + WireInput.shown(word)
                            + "\", not "
                            + HooksSerialization.words(known)));
    Optional<Instant> expires = HooksJson.time(said, "expiresAt");
    if (expires.isPresent() && !expires.get().isAfter(now)) {
      throw new IOException("the registration has ended before it began, at " + expires.get());
    }
    Optional<String> farewell =
        HooksJson.object(said, "endpoints").flatMap(all -> HooksJson.text(all, "deregistration"));
    return new Registration(
        id,
        at.resolve(HooksJson.required(HooksJson.text(said, "hookEndpoint"), "a hookEndpoint")),
        farewell.isPresent() ? Optional.of(at.resolve(farewell.get())) : Optional.empty(),
        expires,
        expires.map(end -> renewal(now, end)),
        serialization,
        wanted.inbound().confirmed(HooksJson.object(negotiated, "inbound")),
        wanted.outbound().confirmed(HooksJson.object(negotiated, "outbound")),
        wanted.longest());
  }

  private static Instant renewal(Instant now, Instant end) {
    Duration part = Duration.between(now, end).dividedBy(PART);
    return end.minus(part.compareTo(AHEAD) < 0 ? part : AHEAD);
  }

  Subscription of(HooksStage stage) {
    return stage.isInbound() ? inbound : outbound;
  }

  boolean covers(HooksStage stage) {
    return of(stage).stages().contains(stage);
  }

  boolean hasEnded(Instant now) {
    return expires.isPresent() && !now.isBefore(expires.get());
  }

  boolean isDue(Instant now) {
    return renewal.isPresent() && !now.isBefore(renewal.get());
  }

  /// The same, made anew no sooner than at another time.
  Registration renewedAt(Instant changed) {
    return new Registration(
        id,
        endpoint,
        farewell,
        expires,
        Optional.of(changed),
        serialization,
        inbound,
        outbound,
        longest);
  }
}
