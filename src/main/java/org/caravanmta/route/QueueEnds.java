package org.caravanmta.route;

import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.caravanmta.message.Queues;

/// The queues that route files name, by who puts mail in and who takes it out.
///
/// @param consumed those that a route consumes: `routing`, or a family such as `deferred.*`
/// @param fed those that a route sends to, with the id of the route
public record QueueEnds(Set<String> consumed, TreeMap<String, String> fed) {
  /// The scheme of the endpoints that are queues.
  static final String SCHEME = "artemis:";

  /// The queues that the routes of `context` name.
  static QueueEnds of(CamelContext context) {
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    var queues = new QueueEnds(new TreeSet<>(), new TreeMap<>());
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String from = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
      if (from.startsWith(SCHEME)) {
        queues.consumed().add(name(from));
      }
      feeds(context, route.getOutputs(), route.getRouteId(), queues);
    }
    for (var configuration : model.getRouteConfigurationDefinitions()) {
      for (var onException : configuration.getOnExceptions()) {
        feeds(context, onException.getOutputs(), configuration.getId(), queues);
      }
    }
    return queues;
  }

  private static void feeds(
      CamelContext context, List<ProcessorDefinition<?>> steps, String route, QueueEnds into) {
    for (String uri : NamedEndpoint.targets(steps)) {
      String resolved = context.resolvePropertyPlaceholders(uri);
      if (resolved.startsWith(SCHEME) && !resolved.contains("${")) {
        into.fed().putIfAbsent(name(resolved), route);
      }
    }
  }

  /// The name of the queue in a URI: `routing` in `artemis:routing?durable=true` and in
  /// `artemis://routing`.
  static String name(String uri) {
    String path = uri.substring(SCHEME.length()).replaceFirst("^//", "");
    int question = path.indexOf('?');
    return question < 0 ? path : path.substring(0, question);
  }

  /// All queues that are named one by one; families are left out.
  public Set<String> single() {
    var single = new TreeSet<String>();
    single.addAll(consumed);
    single.addAll(fed.keySet());
    single.removeIf(name -> Queues.isFamily(name));
    return single;
  }

  /// Checks that every queue that is fed is emptied too, by a route or by the operator: otherwise
  /// mail would stay in it unseen.
  ///
  /// @throws UnusableRoutes names the first queue that nobody empties
  public void checkBothEnds(Set<String> emptiedByHand) throws UnusableRoutes {
    for (var feeding : fed.entrySet()) {
      String name = feeding.getKey();
      boolean family = Queues.isFamily(name);
      boolean emptied =
          consumed.contains(name)
              || emptiedByHand.contains(name)
              || consumed.stream()
                  .anyMatch(other -> family ? member(other, name) : member(name, other));
      if (!emptied) {
        throw new UnusableRoutes(
            "route "
                + feeding.getValue()
                + ": "
                + SCHEME
                + name
                + " is a queue that no route consumes");
      }
    }
  }

  private static boolean member(String name, String family) {
    return Queues.isFamily(family) && Queues.covers(family, name);
  }
}
