package org.caravanmta;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.caravanmta.policy.restriction.Step;

/// Routes of the name `direct:NAME` that lead back to themselves, by a step or by a table that
/// names a restriction class: whatever came to one would never leave it.
///
/// @param routes by the name behind `direct:`
/// @param next the names that each leads to
record RouteRings(Map<String, RouteDefinition> routes, Map<String, Set<String>> next) {
  private static final String SCHEME = "direct:";

  static RouteRings of(CamelContext context) {
    var rings = new RouteRings(new TreeMap<>(), new TreeMap<>());
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String from = context.resolvePropertyPlaceholders(route.getInput().getEndpointUri());
      if (from.startsWith(SCHEME)) {
        rings.routes.put(name(from), route);
        rings.next.put(name(from), leadsTo(context, route.getOutputs()));
      }
    }
    return rings;
  }

  /// @throws Routes.Unusable names the file, the route, and the way around
  void check() throws Routes.Unusable {
    for (String name : routes.keySet()) {
      List<String> ring = way(name, name, new LinkedHashSet<>());
      if (!ring.isEmpty()) {
        RouteDefinition route = routes.get(name);
        throw new Routes.Unusable(
            Routes.file(route)
                + "route "
                + route.getRouteId()
                + ": leads back to itself: "
                + SCHEME
                + String.join(" -> " + SCHEME, ring));
      }
    }
  }

  /// The way from one name to another; empty when there is none.
  private List<String> way(String from, String to, Set<String> seen) {
    for (String name : next.getOrDefault(from, Set.of())) {
      if (name.equals(to)) {
        return new ArrayList<>(List.of(from, to));
      }
      if (seen.add(name)) {
        List<String> rest = way(name, to, seen);
        if (!rest.isEmpty()) {
          rest.addFirst(from);
          return rest;
        }
      }
    }
    return List.of();
  }

  private static Set<String> leadsTo(CamelContext context, List<ProcessorDefinition<?>> steps) {
    var names = new LinkedHashSet<String>();
    for (String uri : Routes.targets(steps)) {
      String resolved = context.resolvePropertyPlaceholders(uri);
      if (resolved.startsWith(SCHEME)) {
        names.add(name(resolved));
      }
    }
    for (var bean : ProcessorDefinitionHelper.filterTypeInOutputs(steps, BeanDefinition.class)) {
      if (bean.getRef() != null
          && context.getRegistry().lookupByName(bean.getRef()) instanceof Step step) {
        names.addAll(step.classes());
      }
    }
    return names;
  }

  /// `careful` of `direct:careful`, `direct://careful` and `direct:careful?block=false`.
  private static String name(String uri) {
    String path = uri.substring(SCHEME.length()).replaceFirst("^//", "");
    int question = path.indexOf('?');
    return question < 0 ? path : path.substring(0, question);
  }
}
