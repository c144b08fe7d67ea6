package org.caravanmta.route;

import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/// The route of a transport that the settings name (`delivery.transports`), unless a route file has
/// one that takes from its queue.
///
/// @param queue of the transport: `delivery.bulk`
/// @param bean that delivers
public record TransportRoute(String queue, String bean) {
  private static final String ROUTE =
      """
      - route:
          id: %1$s
          description: A transport of delivery.transports.
          routeConfigurationId: failure
          from:
            uri: artemis:%1$s
            parameters: { settle: individual, window: 1500 }
            steps:
              - bean: { ref: %2$s, method: deliver }
              - bean: { ref: retry, method: settle }
              - to: artemis:deferred.*
              - to: artemis:report
      """;

  /// Adds the route to a context that has the routes of all files.
  ///
  /// @throws UnusableRoutes if Camel does not take it
  void add(CamelContext context) throws UnusableRoutes {
    if (isTaken(context)) {
      return;
    }
    try {
      var resource =
          ResourceHelper.fromString(
              queue.replace('.', '-') + ".camel.yaml", ROUTE.formatted(queue, bean));
      Collection<RoutesBuilder> builders =
          PluginHelper.getRoutesLoader(context).findRoutesBuilders(resource);
      for (RoutesBuilder builder : builders) {
        context.addRoutes(builder);
      }
    } catch (Exception e) {
      throw new UnusableRoutes("delivery.transports: the route of " + queue + ": " + e);
    }
  }

  private boolean isTaken(CamelContext context) {
    return context
        .getCamelContextExtension()
        .getContextPlugin(Model.class)
        .getRouteDefinitions()
        .stream()
        .map(route -> route.getInput().getEndpointUri())
        .anyMatch(from -> from.replaceFirst("[?].*", "").equals("artemis:" + queue));
  }
}
