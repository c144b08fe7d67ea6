package org.caravanmta.route;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.ToDynamicDefinition;

/// An endpoint that a route names, in its `from` or in a step (Camel).
///
/// @param route the id of the route
/// @param uri with its placeholders resolved
public record NamedEndpoint(String route, String uri) {
  /// Every endpoint that a route of `context` names, except those whose URI is made for each
  /// message.
  public static List<NamedEndpoint> all(CamelContext context) {
    var named = new ArrayList<NamedEndpoint>();
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    for (RouteDefinition route : model.getRouteDefinitions()) {
      var uris = new ArrayList<>(List.of(route.getInput().getEndpointUri()));
      uris.addAll(targets(route.getOutputs()));
      for (String uri : uris) {
        String resolved = context.resolvePropertyPlaceholders(uri);
        if (!resolved.contains("${")) {
          named.add(new NamedEndpoint(route.getRouteId(), resolved));
        }
      }
    }
    return named;
  }

  /// The URIs that steps, and steps within steps, send to, as they are written.
  static List<String> targets(List<ProcessorDefinition<?>> steps) {
    var uris = new ArrayList<String>();
    for (var to : ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDefinition.class)) {
      uris.add(to.getEndpointUri());
    }
    for (var to : ProcessorDefinitionHelper.filterTypeInOutputs(steps, ToDynamicDefinition.class)) {
      uris.add(to.getUri());
    }
    return uris;
  }
}
