package org.caravanmta.route;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PatternHelper;

/// The operator's routes: all route files of a directory, read into a Camel context in the order of
/// their names. A file that adds nothing, or that Camel cannot read, is refused with its name.
///
/// @param directory has `*.camel.yaml` and `*.camel.xml` in it; sub-directories are not read, nor
///   are files whose name starts with a dot
public record Routes(Path directory) {
  /// The startup order of listeners, above that of all other routes: they start last, and stop
  /// first.
  private static final int LISTENERS_LAST = 100_000;

  /// Reads every file into `context`, which has its properties, beans and components, but is not
  /// started.
  ///
  /// @param transports those that the settings name
  /// @return the queues that the files name
  /// @throws UnusableRoutes names the first file that cannot be used, and why
  public QueueEnds load(CamelContext context, List<TransportRoute> transports)
      throws UnusableRoutes {
    var files = new RouteFiles(directory);
    var builders = new TreeMap<Path, Collection<RoutesBuilder>>();
    for (Path file : files.all()) {
      builders.put(file, RouteFiles.read(context, file));
    }
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    // configurations first: routes of any file may name them
    var configures = new TreeSet<Path>();
    for (var file : builders.entrySet()) {
      int before = model.getRouteConfigurationDefinitions().size();
      for (RoutesBuilder builder : file.getValue()) {
        if (builder instanceof RouteConfigurationsBuilder configurations) {
          RouteFiles.adding(file.getKey(), () -> context.addRoutesConfigurations(configurations));
        }
      }
      if (model.getRouteConfigurationDefinitions().size() > before) {
        configures.add(file.getKey());
      }
    }
    var ids = new TreeMap<String, Path>();
    for (var file : builders.entrySet()) {
      int before = definitions(model);
      for (RoutesBuilder builder : file.getValue()) {
        RouteFiles.adding(file.getKey(), () -> context.addRoutes(builder));
        claim(ids, file.getKey(), builder);
      }
      if (definitions(model) == before && !configures.contains(file.getKey())) {
        throw new UnusableRoutes(file.getKey() + ": holds no route; a file here has at least one");
      }
    }
    for (TransportRoute transport : transports) {
      transport.add(context);
    }
    checkConfigurations(model);
    orderListeners(model.getRouteDefinitions());
    return QueueEnds.of(context);
  }

  /// Checks that no two routes have the same id: Camel would let the second replace the first.
  private static void claim(Map<String, Path> ids, Path file, RoutesBuilder builder)
      throws UnusableRoutes {
    if (builder instanceof RouteBuilder routes) {
      for (RouteDefinition route : routes.getRouteCollection().getRoutes()) {
        Path other = route.getRouteId() == null ? null : ids.put(route.getRouteId(), file);
        if (other != null) {
          throw new UnusableRoutes(
              file + ": the id " + route.getRouteId() + " is that of a route in " + other);
        }
      }
    }
  }

  private static int definitions(Model model) {
    return model.getRouteDefinitions().size() + model.getRouteTemplateDefinitions().size();
  }

  /// Checks that the route configurations which routes name are there: Camel would run such a route
  /// without one.
  private void checkConfigurations(Model model) throws UnusableRoutes {
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String all = route.getRouteConfigurationId();
      for (String named : all == null ? new String[0] : all.split(",")) {
        if (model.getRouteConfigurationDefinitions().stream()
            .noneMatch(known -> PatternHelper.matchPattern(known.getId(), named.strip()))) {
          throw new UnusableRoutes(
              "route %s: no file in %s has the route configuration %s"
                  .formatted(route.getRouteId(), directory, named));
        }
      }
    }
  }

  private static void orderListeners(List<RouteDefinition> routes) {
    int order = LISTENERS_LAST;
    for (RouteDefinition route : routes) {
      String from = route.getInput().getEndpointUri();
      if ((from.startsWith("netty:") || from.startsWith("maildrop:"))
          && route.getStartupOrder() == null) {
        route.setStartupOrder(order++);
      }
    }
  }

  /// The file of a route as messages begin with it, `routes/checks.camel.yaml: `; empty if it is
  /// not known.
  static String file(RouteDefinition route) {
    return route.getResource() == null
        ? ""
        : route.getResource().getLocation().replaceFirst("^file:", "") + ": ";
  }
}
