package org.caravanmta.filter.hooks;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// What a service is offered when we register: what we have, as far as it has said that it can do
/// anything with it (draft-degennaro-mta-hooks-01, "Discovery").
///
/// @param longest the most bytes that a message may have; empty if the service has not said
record Wanted(Direction inbound, Direction outbound, OptionalLong longest) {
  private static final List<String> COMMON =
      List.of(
          "/stage",
          "/action",
          "/timestamp",
          "/protocol",
          "/queue",
          "/server",
          "/envelope",
          "/message",
          "/rawMessage");
  private static final List<String> OF_THE_SESSION =
      List.of("/response", "/client", "/tls", "/auth");

  /// One of the two directions.
  ///
  /// @param properties those that are asked for; absent for all that there are, where the service
  ///   has not said what it knows
  record Direction(Set<HooksStage> stages, List<String> known, Optional<List<String>> properties) {
    /// What the service knows of what we have; one of its properties may be a part of one of ours.
    private Direction limited(JsonObject capabilities) {
      Set<HooksStage> both = EnumSet.noneOf(HooksStage.class);
      HooksJson.texts(capabilities, "stages")
          .ifPresent(
              words ->
                  words.forEach(
                      word -> HooksStage.of(word).filter(stages::contains).ifPresent(both::add)));
      return new Direction(
          both, known, HooksJson.texts(capabilities, "fetchProperties").map(this::ours));
    }

    private List<String> ours(List<String> pointers) {
      return pointers.stream()
          .filter(
              pointer ->
                  known.stream()
                      .anyMatch(own -> pointer.equals(own) || pointer.startsWith(own + "/")))
          .distinct()
          .toList();
    }

    private JsonValue json() {
      if (stages.isEmpty()) {
        return JsonValue.NULL;
      }
      return HooksJson.MAKER
          .createObjectBuilder()
          .add(
              "stages",
              HooksJson.MAKER.createArrayBuilder(
                  stages.stream().sorted().map(HooksStage::word).collect(Collectors.toList())))
          .add(
              "properties",
              properties
                  .<JsonValue>map(each -> HooksJson.MAKER.createArrayBuilder(each).build())
                  .orElse(JsonValue.NULL))
          .build();
    }

    /// What the service has confirmed of it.
    Subscription confirmed(Optional<JsonObject> negotiated) {
      return negotiated
          .map(
              said ->
                  Subscription.of(
                      HooksJson.texts(said, "stages").orElse(List.of()),
                      stages,
                      HooksJson.texts(said, "properties")
                          .map(this::ours)
                          .orElse(properties.orElse(known))))
          .orElse(Subscription.NONE);
    }
  }

  /// All that we have.
  static Wanted all(Set<HooksStage> stages) {
    var session = new ArrayList<>(COMMON);
    session.addAll(OF_THE_SESSION);
    return new Wanted(
        new Direction(
            stages.stream().filter(HooksStage::isInbound).collect(Collectors.toSet()),
            List.copyOf(session),
            Optional.empty()),
        new Direction(
            stages.stream().filter(stage -> !stage.isInbound()).collect(Collectors.toSet()),
            COMMON,
            Optional.empty()),
        OptionalLong.empty());
  }

  /// As far as a service has said that it can do anything with it.
  ///
  /// @param document its discovery document
  Wanted limited(JsonObject document) {
    JsonObject capabilities =
        HooksJson.object(document, "capabilities").orElse(JsonValue.EMPTY_JSON_OBJECT);
    Optional<Long> most =
        HooksJson.object(document, "limits")
            .flatMap(all -> HooksJson.number(all, "maxMessageSize"));
    return new Wanted(
        inbound.limited(
            HooksJson.object(capabilities, "inbound").orElse(JsonValue.EMPTY_JSON_OBJECT)),
        outbound.limited(
            HooksJson.object(capabilities, "outbound").orElse(JsonValue.EMPTY_JSON_OBJECT)),
        most.isPresent() ? OptionalLong.of(most.get()) : OptionalLong.empty());
  }

  boolean isNothing() {
    return inbound.stages().isEmpty() && outbound.stages().isEmpty();
  }

  /// The members of a registration request that say it.
  JsonObject json() {
    return HooksJson.MAKER
        .createObjectBuilder()
        .add("inbound", inbound.json())
        .add("outbound", outbound.json())
        .build();
  }
}
