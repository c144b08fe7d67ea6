package org.caravanmta.filter.hooks;

import jakarta.json.JsonObject;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a service wants to be asked about in one direction, and what it wants to be told then
/// (draft-degennaro-mta-hooks-01, "NegotiatedSubscription").
///
/// @param properties JSON pointers (RFC 6901) into what we can tell
record Subscription(Set<HooksStage> stages, List<String> properties) {
  static final Subscription NONE = new Subscription(Set.of(), List.of());

  Subscription {
    stages = Set.copyOf(stages);
    properties = List.copyOf(properties);
  }

  /// @param words of stages; those that we do not know, or that are of the other direction, do not
  ///   count
  static Subscription of(Collection<String> words, Set<HooksStage> known, List<String> properties) {
    var stages = EnumSet.noneOf(HooksStage.class);
    words.forEach(word -> HooksStage.of(word).filter(known::contains).ifPresent(stages::add));
    return new Subscription(stages, properties);
  }

  /// Whether all of a property is wanted.
  boolean wants(String name) {
    return properties.contains("/" + name);
  }

  /// The part of a description that is wanted.
  JsonObject part(JsonObject whole) {
    return part(
        whole,
        properties.stream().map(each -> Arrays.asList(each.substring(1).split("/", -1))).toList());
  }

  private static JsonObject part(JsonObject whole, List<List<String>> paths) {
    var part = HooksJson.MAKER.createObjectBuilder();
    whole.forEach(
        (name, value) -> {
          List<List<String>> below =
              paths.stream()
                  .filter(path -> path.getFirst().equals(name))
                  .map(path -> path.subList(1, path.size()))
                  .collect(Collectors.toList());
          if (below.stream().anyMatch(List::isEmpty)) {
            part.add(name, value);
          } else if (!below.isEmpty() && value instanceof JsonObject inner) {
            part.add(name, part(inner, below));
          }
        });
    return part.build();
  }
}
