package org.caravanmta;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.spi.RouteController;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.Rows;
import org.caravanmta.control.StageStatus;
import org.caravanmta.control.VerbName;
import org.caravanmta.delivery.schedule.DestinationRow;
import org.caravanmta.delivery.watch.AttemptVerbs;
import org.caravanmta.dns.Validation;
import org.caravanmta.message.Bodies;
import org.caravanmta.queue.admin.CatVerb;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.admin.QueueVerbs;
import org.caravanmta.queue.admin.SelectorVerbs;
import org.caravanmta.suspension.SuspensionVerbs;
import org.caravanmta.suspension.Suspensions;

/// What `caravan stage`, `caravan queue`, `caravan quarantine`, `caravan dns` and `caravan metrics`
/// ask of the running server.
record Operator(
    CamelContext routes,
    Stages stages,
    QueueAdmin admin,
    Bodies bodies,
    Suspensions suspensions,
    Set<String> transports,
    DestinationView destinations,
    PrometheusMeterRegistry registry) {
  Map<String, ControlVerb> verbs() {
    RouteController controller = routes.getRouteController();
    var verbs =
        new TreeMap<>(QueueVerbs.of(admin, stages::posted, stages::revive, InstantSource.system()));
    verbs.putAll(
        SelectorVerbs.of(admin, stages::revive, stages::expectTransport, InstantSource.system()));
    verbs.put(VerbName.QUEUE_CAT, new CatVerb(admin, bodies));
    verbs.put(
        VerbName.QUEUE_DESTINATIONS,
        (_, rows) -> {
          for (DestinationRow row : destinations.rows()) {
            rows.add(row.fields());
          }
        });
    verbs.putAll(
        SuspensionVerbs.of(
            suspensions,
            transports,
            new Resumption(stages, admin, InstantSource.system()),
            InstantSource.system()));
    verbs.putAll(stages.quarantine().verbs());
    verbs.putAll(stages.blocked().verbs());
    verbs.putAll(AttemptVerbs.of(stages.watch().work()));
    Set<String> stopping = ConcurrentHashMap.newKeySet();
    verbs.put(VerbName.STAGE_LIST, (_, rows) -> listStages(stopping, rows));
    verbs.put(
        VerbName.STAGE_STOP,
        (args, _) -> {
          String stage = stage(args);
          stopping.add(stage);
          try {
            controller.stopRoute(stage);
          } finally {
            stopping.remove(stage);
          }
        });
    verbs.put(VerbName.STAGE_START, (args, _) -> controller.startRoute(stage(args)));
    verbs.put(
        VerbName.DNS_TEST,
        (_, rows) -> {
          Validation.State state = stages.validation().check();
          rows.add(List.of(state.word(), state.toString()));
        });
    verbs.put(VerbName.METRICS, (_, rows) -> rows.add(List.of(registry.scrape())));
    return verbs;
  }

  private void listStages(Set<String> stopping, Rows rows) throws IOException {
    for (Route route : routes.getRoutes()) {
      String id = route.getRouteId();
      boolean started = routes.getRouteController().getRouteStatus(id).isStarted();
      StageStatus.State running =
          stopping.contains(id) ? StageStatus.State.STOPPING : StageStatus.State.RUNNING;
      String description = route.getDescription() == null ? "" : route.getDescription();
      rows.add(
          new StageStatus(id, started ? running : StageStatus.State.STOPPED, description).fields());
    }
  }

  /// The one route that the arguments name.
  private String stage(List<String> args) {
    if (args.size() != 1 || routes.getRoute(args.getFirst()) == null) {
      throw new IllegalArgumentException(
          String.join(" ", args) + ": no such stage; caravan stage list shows them");
    }
    return args.getFirst();
  }
}
