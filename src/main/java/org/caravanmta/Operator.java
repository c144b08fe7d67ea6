package org.caravanmta;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Route;
import org.apache.camel.spi.RouteController;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.Rows;
import org.caravanmta.control.StageStatus;
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
    verbs.put(VerbName.STAGE_LIST, (_, rows) -> listStages(rows));
    verbs.put(VerbName.STAGE_STOP, (args, _) -> stages.stopRoute(stage(args)));
    verbs.put(VerbName.STAGE_START, (args, _) -> stages.startRoute(stage(args)));
    verbs.put(VerbName.METRICS, (_, rows) -> rows.add(List.of(assembly.registry.scrape())));
    return verbs;
  }

  private void listStages(Rows rows) throws IOException {
    for (Route route : assembly.context.getRoutes()) {
      String id = route.getRouteId();
      boolean running = assembly.context.getRouteController().getRouteStatus(id).isStarted();
      String description = route.getDescription() == null ? "" : route.getDescription();
      rows.add(new StageStatus(id, running, description).fields());
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
