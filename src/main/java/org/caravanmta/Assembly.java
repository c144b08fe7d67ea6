package org.caravanmta;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.ExplicitCamelContextNameStrategy;
import org.apache.camel.model.Model;
import org.apache.camel.model.RedeliveryPolicyDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.errorhandler.DefaultErrorHandlerDefinition;
import org.caravanmta.delivery.endpoint.MailText;
import org.caravanmta.filter.hooks.ProgramQueue;
import org.caravanmta.message.Codec;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.MailCodec;
import org.caravanmta.message.NoticeCodec;
import org.caravanmta.message.Queues;
import org.caravanmta.policy.CaseCodec;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.camel.ArtemisComponent;
import org.caravanmta.queue.program.ProgramQuestions;
import org.caravanmta.queue.reader.Gates;
import org.caravanmta.queue.reader.QueueRuntime;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.ContentClaims;
import org.caravanmta.reception.ReceptionStage;
import org.caravanmta.route.FilterPlaces;
import org.caravanmta.route.NamedEndpoint;
import org.caravanmta.route.QueueEnds;
import org.caravanmta.route.RemoteStages;
import org.caravanmta.route.RouteBeans;
import org.caravanmta.route.RouteEnds;
import org.caravanmta.route.RouteLoops;
import org.caravanmta.route.Routes;
import org.caravanmta.route.TransportRoute;
import org.caravanmta.route.UnusableRoutes;
import org.caravanmta.settings.FileModes;
import org.caravanmta.settings.Settings;
import org.caravanmta.settings.SettingsFile;
import org.caravanmta.share.Shares;
import org.caravanmta.stage.Problem;
import org.caravanmta.state.Memory;
import org.caravanmta.suspension.Suspensions;
import org.caravanmta.table.Remarks;
import org.caravanmta.table.TableLinks;

/// Routes, beans and queues put together and seen to fit, but not started: what `caravan check`
/// looks at, and what `caravan start` starts.
public final class Assembly implements AutoCloseable {
  /// Everything that travels through a queue.
  static final List<Codec<?>> CODECS = List.of(new MailCodec(), new NoticeCodec(), new CaseCodec());

  /// Queues that the operator empties, see `caravan queue`; and those of content filters, of which
  /// there may be none: routing knows which there are.
  private static final Set<String> BY_HAND =
      Set.of(Queues.HOLD, Queues.QUARANTINE, Queues.QUARANTINED, Queues.DEAD, Queues.ANY_FILTER);

  /// How long what is in flight may take from {@link #beginNoMore} on; what is not done then comes
  /// back.
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(5);

  /// How long Camel waits for a stage that is stopped alone: longer than the stage itself does.
  private static final Duration STAGE_PATIENCE = ArtemisComponent.PATIENCE.plusSeconds(10);

  /// How long Camel waits at least when all of them end.
  private static final Duration TO_STOP = Duration.ofSeconds(1);

  private Optional<Long> ending = Optional.empty();
  final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  public final CamelContext context;
  private final QueueRuntime runtime;
  private final ArtemisComponent queues;

  /// What the operator may do with the queues; absent without a broker.
  final Optional<QueueAdmin> admin;

  private final Optional<ProgramQuestions> programs;
  public final Stages stages;
  private final TableLinks links = new TableLinks();
  private final Settings settings;
  private final Path routes;
  private final Remarks remarks = new Remarks();

  /// @param broker absent where nothing is to be started
  /// @param claims gets back the stored content of what is settled or deleted
  /// @param suspensions what mail is not sent to now
  /// @param shares the limits that the nodes of a cluster have in common
  /// @throws Problem says which setting, table or route file cannot be used, and why
  Assembly(
      Settings settings,
      Path routes,
      ContentStore store,
      Memory memory,
      Optional<Broker> broker,
      ContentClaims claims,
      Suspensions suspensions,
      Shares shares,
      InstantSource clock)
      throws Problem {
    this.settings = settings;
    this.routes = routes;
    context = context(settings);
    runtime = QueueRuntime.of(broker, new Codecs(CODECS), claims, clock, registry);
    admin =
        broker.map(
            at ->
                new QueueAdmin(
                    at, runtime.codecs(), runtime.topology()::all, runtime.lanes(), claims));
    programs = broker.map(ProgramQuestions::new);
    queues = new ArtemisComponent(runtime);
    context.addComponent("artemis", queues);
    MailText.add(context, store::read);
    try {
      QueueEnds named = new Routes(routes).load(context, ownRoutes(settings));
      if (settings.broker().url().isEmpty()) {
        // a stage that consumes it may run elsewhere when the broker does
        named.checkBothEnds(BY_HAND);
      }
      var elsewhere = RemoteStages.of(settings.broker());
      var transports = transports(named);
      transports.addAll(elsewhere.transports());
      var filters = filters(named);
      filters.addAll(elsewhere.filters());
      stages =
          links.gather(
              () ->
                  remarks.gather(
                      () ->
                          new Stages(
                              settings,
                              store,
                              memory,
                              context,
                              transports,
                              filters,
                              () -> broker.map(at -> !at.diskFull()).orElse(true),
                              admin,
                              name -> programQueue(name, filters),
                              suspensions::hold,
                              shares,
                              clock)));
      broker.ifPresent(at -> stages.watch().work().guard(() -> at.fence().mayGoOn()));
      ReceptionStage.measure(stages.sessions().budget(), registry);
      stages.scheduled().measure(registry);
      stages
          .beans()
          .forEach((name, bean) -> context.getRegistry().bind(name, stages.watch().over(bean)));
      links.gather(
          () ->
              remarks.gather(
                  () -> {
                    stages.restrictions().enter(context, stages.beans().keySet());
                    stages.filters().enter(context);
                    return stages;
                  }));
      if (!remarks.refused().isEmpty()) {
        throw new Problem(remarks.refused().stream().map(settings.places()::naming).toList());
      }
      queues.setQueues(named.single());
      queues.setQueues(elsewhere.queues());
      queues.setLanes(stages.lanes());
      queues.setTurnstile(new SuspendedDeliveries(suspensions, stages.retry()));
      queues.setGates(stages.scheduled().gates());
      links.gather(
          () -> {
            RouteBeans.check(context);
            RouteLoops.check(context);
            return context;
          });
      links.gather(
          () -> {
            new FilterPlaces(context).check();
            new RouteEnds(context).check();
            return context;
          });
      checkEndpoints();
    } catch (UnusableRoutes | IllegalArgumentException e) {
      var lines = new ArrayList<String>();
      remarks.refused().stream().map(settings.places()::naming).forEach(lines::add);
      lines.addAll(Problem.at(settings.places(), e).lines());
      throw new Problem(lines);
    }
  }

  /// The queue of a content filter that is a program at the broker.
  private ProgramQueue programQueue(String name, Set<String> routes) {
    if (routes.contains(name)) {
      throw new IllegalArgumentException(
          "a route takes from artemis:" + name + ": the program needs a queue of its own");
    }
    programs.ifPresent(all -> all.open(name));
    return (question, patience) ->
        programs
            .orElseThrow(() -> new IOException("the server does not run"))
            .ask(name, question, patience);
  }

  private static List<TransportRoute> ownRoutes(Settings settings) {
    return settings.delivery().transports().all().stream()
        .map(line -> new TransportRoute(line.queue(), line.bean()))
        .toList();
  }

  /// What should be mended and keeps nothing from starting: what others can change, or read, of
  /// what is put together here, and programs that cannot be run.
  List<String> warnings(Optional<Path> config) {
    var lines = new ArrayList<>(FileModes.of(settings, config, routes, links).warnings());
    lines.addAll(settings.filters().hindrances());
    lines.addAll(settings.cluster().warnings());
    lines.addAll(settings.broker().warnings());
    return lines;
  }

  /// What is wrong with lines of tables that are used all the same.
  List<String> remarks() {
    return remarks.skipped().stream().map(settings.places()::naming).toList();
  }

  /// The ids of the routes of the route files.
  Set<String> routeIds() {
    return context
        .getCamelContextExtension()
        .getContextPlugin(Model.class)
        .getRouteDefinitions()
        .stream()
        .map(RouteDefinition::getRouteId)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// The transports by which mail is delivered.
  Set<String> deliveries() {
    return queues().stream()
        .filter(Queues::isDelivery)
        .map(Queues::transport)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Who says which messages may begin, and knows how many may not.
  Gates gates() {
    return runtime.gates();
  }

  /// What all nodes of a cluster should have in common, as one short text.
  String digest() throws IOException {
    return CommonSettings.digest(settings, routes, links.files());
  }

  /// The same of each setting and file, by its name.
  SortedMap<String, String> digests() throws IOException {
    return CommonSettings.digests(settings, routes, links.files());
  }

  /// The names of all queues.
  Collection<String> queues() {
    return runtime.topology().all();
  }

  /// The stages that deliver begin nothing more.
  void beginNoMore() {
    ending = Optional.of(System.nanoTime());
    queues.beginNoMore();
  }

  @Override
  public void close() {
    long left = LAST_PATIENCE.toNanos() - ending.map(since -> System.nanoTime() - since).orElse(0L);
    context.getShutdownStrategy().setTimeout(Math.max(left, TO_STOP.toNanos()));
    context.stop();
    stages.close();
    programs.ifPresent(ProgramQuestions::close);
    links.close();
  }

  private static CamelContext context(Settings settings) {
    var context = new DefaultCamelContext(false);
    context.setNameStrategy(new ExplicitCamelContextNameStrategy("caravan"));
    context.setAllowUseOriginalMessage(false);
    context.setStreamCaching(false);
    context.getShutdownStrategy().setTimeUnit(TimeUnit.NANOSECONDS);
    context.getShutdownStrategy().setTimeout(STAGE_PATIENCE.toNanos());
    context.getShutdownStrategy().setShutdownNowOnTimeout(true);
    context.getCamelContextExtension().setErrorHandlerFactory(quiet());
    var properties = new Properties();
    properties.putAll(SettingsFile.placeholders(settings));
    context.getPropertiesComponent().setInitialProperties(properties);
    return context;
  }

  /// Camel would log every failed exchange with its body; who asked, and the route `failure`, say
  /// what became of a message, under its id.
  private static DefaultErrorHandlerDefinition quiet() {
    var policy = new RedeliveryPolicyDefinition();
    policy.setLogExhausted("false");
    var handler = new DefaultErrorHandlerDefinition();
    // where nothing is delivered again, Camel heeds this and not the policy
    handler.setLevel(LoggingLevel.OFF.name());
    handler.setRedeliveryPolicy(policy);
    return handler;
  }

  private static Set<String> transports(QueueEnds named) {
    return named.single().stream()
        .filter(Queues::isDelivery)
        .map(Queues::transport)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The queues of content filters that routes consume.
  private static Set<String> filters(QueueEnds named) {
    return named.consumed().stream()
        .filter(Queues::isFilter)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private void checkEndpoints() throws UnusableRoutes {
    for (NamedEndpoint endpoint : NamedEndpoint.all(context)) {
      try {
        context.getEndpoint(endpoint.uri());
      } catch (RuntimeException e) {
        throw new UnusableRoutes("route " + endpoint.route() + ": " + Problem.inOneLine(e));
      }
    }
  }
}
