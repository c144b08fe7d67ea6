package org.caravanmta;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Route;
import org.apache.camel.spi.RouteController;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.VerbName;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.admin.QueueVerbs;

/// What `caravan stage`, `caravan queue` and `caravan metrics` ask of the running server.
record Operator(Assembly assembly, QueueAdmin admin) {
  Map<String, ControlVerb> verbs() {
    RouteController stages = assembly.context.getRouteController();
    var verbs =
        new TreeMap<>(
            QueueVerbs.of(admin, assembly.stages::posted, assembly.stages::reviveDestinations));
    verbs.put(VerbName.STAGE_LIST, (_, out) -> listStages(out));
    verbs.put(VerbName.STAGE_STOP, (args, _) -> stages.stopRoute(stage(args)));
    verbs.put(VerbName.STAGE_START, (args, _) -> stages.startRoute(stage(args)));
    verbs.put(VerbName.METRICS, (_, out) -> out.append(assembly.registry.scrape()));
    return verbs;
  }

  private void listStages(Appendable out) throws IOException {
    for (Route route : assembly.context.getRoutes()) {
      String id = route.getRouteId();
      boolean running = assembly.context.getRouteController().getRouteStatus(id).isStarted();
      String description = route.getDescription() == null ? "" : route.getDescription();
      out.append(
          String.format("%-20s %-8s %s%n", id, running ? "running" : "stopped", description));
    }
  }

  /// The one route that the arguments name.
  private String stage(List<String> args) {
    if (args.size() != 1 || assembly.context.getRoute(args.getFirst()) == null) {
      throw new IllegalArgumentException(
          String.join(" ", args) + ": no such stage; caravan stage list shows them");
    }
    return args.getFirst();
  }
}
