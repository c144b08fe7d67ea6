package org.caravanmta;

import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.caravanmta.control.ControlServer;
import org.caravanmta.dns.Validation;
import org.caravanmta.dns.ValidationWatch;
import org.caravanmta.message.ContentStore;
import org.caravanmta.monitor.Conditions;
import org.caravanmta.monitor.Counters;
import org.caravanmta.monitor.MetricsEndpoint;
import org.caravanmta.port.Descriptors;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.embedded.BrokerSettings;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.embedded.ProgramDoor;
import org.caravanmta.queue.remote.RemoteBroker;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.QueueUnavailable;
import org.caravanmta.settings.DataDirectory;
import org.caravanmta.settings.Settings;
import org.caravanmta.share.Shares;
import org.caravanmta.stage.Problem;
import org.caravanmta.state.JdbcBlocks;
import org.caravanmta.state.JdbcDigests;
import org.caravanmta.state.JdbcQuarantine;
import org.caravanmta.state.JdbcTriplets;
import org.caravanmta.state.Memory;
import org.caravanmta.state.NobodySeen;
import org.caravanmta.state.StateOnDemand;
import org.caravanmta.state.StateStore;
import org.caravanmta.suspension.Suspensions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A mail transfer agent (RFC 5598 §4.3): the stages of the route files, the queues between them
/// and the listeners before them, from start to drained end.
public final class Caravan implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Caravan.class);

  /// How long sessions in the middle of a message may go on when Caravan ends: with all that
  /// follows it is less than the ten seconds after which `docker stop` kills.
  private static final Duration DRAIN = Duration.ofSeconds(4);

  /// How long sessions may go on when the operator drains this node.
  private static final Duration TO_LEAVE = Duration.ofMinutes(2);

  private static final String TAKEN_OVER = "another node of the cluster has taken over our mail";

  @FunctionalInterface
  private interface Closing {
    void close() throws Exception;
  }

  private final Settings settings;

  /// What is open, the last opened first.
  private final Deque<Closing> closings = new ArrayDeque<>();

  /// Run when another node of the cluster has our mail, and everything has to begin again.
  private final Runnable again;

  /// The ids of the routes that run here.
  private Set<String> routeIds = Set.of();

  private Caravan(Settings settings, Runnable again) {
    this.settings = settings;
    this.again = again;
  }

  /// Starts one, which takes mail when this returns.
  ///
  /// @param routes the directory of route files
  /// @param onFatal told when the journal can no longer be written: the process must end
  /// @throws Problem says what is wrong with the settings, the routes, the disk or the ports;
  ///   nothing is left running
  public static Caravan start(Settings settings, Path routes, Consumer<Throwable> onFatal)
      throws Problem {
    return start(settings, routes, onFatal, () -> onFatal.accept(new IOException(TAKEN_OVER)));
  }

  /// Likewise.
  ///
  /// @param again run when another node of the cluster has taken over our mail meanwhile: this one
  ///   has to be closed, and another started
  public static Caravan start(
      Settings settings, Path routes, Consumer<Throwable> onFatal, Runnable again) throws Problem {
    var caravan = new Caravan(settings, again);
    try {
      caravan.open(routes, onFatal);
      return caravan;
    } catch (Problem problem) {
      caravan.close();
      throw problem;
    } catch (Exception e) {
      caravan.close();
      throw Problem.at(settings.places(), e);
    }
  }

  /// Reads settings, tables and routes as a start would, and starts nothing.
  ///
  /// @throws Problem says what is wrong with them
  public static void check(Settings settings, Path routes) throws Problem {
    check(settings, Optional.empty(), routes);
  }

  /// Likewise.
  ///
  /// @param config the file of the settings, where there is one
  /// @return what should be mended and keeps nothing from starting, a line each
  public static List<String> check(Settings settings, Optional<Path> config, Path routes)
      throws Problem {
    try (var fits = assembly(settings, routes)) {
      if (!fits.remarks().isEmpty()) {
        // the server starts all the same, and mail for these lines waits or takes another way
        throw new Problem(fits.remarks());
      }
      readSuspensions(settings);
      return fits.warnings(config);
    }
  }

  /// What is suspended on a data directory, where whoever checks may look into it.
  private static void readSuspensions(Settings settings) throws Problem {
    Path data = settings.data().directory();
    try {
      if (Files.isExecutable(data)) {
        Suspensions.open(data);
      }
    } catch (IOException e) {
      throw new Problem(List.of(Problem.inOneLine(e)));
    }
  }

  /// Settings, tables and routes put together by a caller that does not start them: no port, queue,
  /// database or directory is opened.
  public static Assembly assembly(Settings settings, Path routes) throws Problem {
    return new Assembly(
        settings,
        routes,
        ContentStore.at(settings.data().directory().resolve("content")),
        Memory.NONE,
        Optional.empty(),
        _ -> {},
        Suspensions.none(),
        Shares.WHOLE,
        InstantSource.system());
  }

  /// The listeners and their addresses, as `smtp=127.0.0.1:2525 submission=127.0.0.1:2587`.
  public String addresses() {
    return ports().toString();
  }

  /// Ends in good order: sessions in the middle of a message may finish it, what is in flight is
  /// settled, the rest waits on the disk.
  @Override
  public void close() {
    while (!closings.isEmpty()) {
      try {
        closings.pop().close();
      } catch (Exception e) {
        LOG.error("while ending: {}", Problem.inOneLine(e), e);
      }
    }
  }

  private void open(Path routes, Consumer<Throwable> onFatal) throws Exception {
    Path data = settings.data().directory();
    DataDirectory.of(settings).claim();
    // whatever is wrong with settings and routes is said before anything runs
    try (var fits = assembly(settings, routes)) {
      routeIds = fits.routeIds();
      fits.warnings(Optional.empty()).forEach(LOG::warn);
      fits.remarks().forEach(line -> LOG.warn("{}", line));
    }
    Suspensions suspensions = Suspensions.open(data);
    ports().check();
    Broker broker = connect(data, onFatal);
    checkDescriptors();
    ContentStore store = ContentStore.open(data.resolve("content"));
    var state = StateOnDemand.of(settings.state(), data.resolve("state"));
    closings.push(state::close);
    Memory memory = memory(state, data);
    var clustering = Clustering.join(settings, broker, store, ref -> release(store, ref), again);
    closings.push(clustering::close);
    clustering.agreeOn(suspensions);
    var assembly =
        new Assembly(
            settings,
            routes,
            store,
            memory,
            Optional.of(broker),
            ref -> release(store, ref),
            suspensions,
            clustering.shares(),
            InstantSource.system());
    closings.push(assembly::close);
    QueueAdmin admin = assembly.admin.orElseThrow();
    if (settings.broker().url().isEmpty() && store.hasEarlier()) {
      // with an external broker, other nodes keep content in this store too
      try {
        int removed = store.sweep(admin.contentRefs());
        LOG.debug("{} files of content that no message refers to were removed", removed);
      } catch (QueueUnavailable e) {
        // a damaged journal: all content is kept, and mail goes on
        LOG.error("content that no message refers to is not removed: {}", e.getMessage());
      }
    }
    giveBack(admin);
    Gauge.builder("caravan_suspensions", suspensions, all -> all.all().size())
        .description("transports, next hops and domains that the operator has suspended")
        .register(assembly.registry);
    Counters.show(assembly.registry);
    closings.push(() -> Counters.hide(assembly.registry));
    state.watch();
    assembly.context.start();
    assembly.stages.begin();
    broker.reportStrays(assembly.queues());
    clustering.begin(assembly, memory.quarantine(), () -> leave(assembly));
    watch(assembly);
    closings.push(
        () -> {
          assembly.beginNoMore();
          assembly.stages.sessions().drain(DRAIN);
        });
    var verbs =
        new Operator(
                assembly.context,
                assembly.stages,
                admin,
                store::read,
                suspensions,
                assembly.deliveries(),
                new DestinationView(assembly.stages, assembly.gates(), suspensions),
                assembly.registry)
            .verbs();
    var control = new ControlServer(data, clustering.verbs(verbs, assembly));
    closings.push(control::close);
    if (settings.metrics().address().isPresent()) {
      MetricsEndpoint.addProcess(assembly.registry);
      var endpoint =
          new MetricsEndpoint(
              settings.metrics().address().get(),
              assembly.registry,
              () ->
                  assembly.stages.sessions().welcoming()
                      && broker.away().isEmpty()
                      && clustering.takesMail(),
              () -> details(assembly, broker));
      closings.push(endpoint::close);
    }
  }

  /// Takes no more mail, lets sessions finish theirs, and begins again.
  private void leave(Assembly assembly) {
    try {
      assembly.stages.sessions().drain(TO_LEAVE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    again.run();
  }

  private static List<String> details(Assembly assembly, Broker broker) {
    var lines = new ArrayList<>(Conditions.lines());
    broker.away().ifPresent(why -> lines.add("the broker cannot be reached: " + why));
    if (assembly.stages.dependOnDnssec()) {
      lines.add(assembly.stages.validation().state().toString());
    }
    return lines;
  }

  /// Tests whether DNSSEC works, where something depends on it.
  private void watch(Assembly assembly) {
    if (assembly.stages.dependOnDnssec()) {
      Validation validation = assembly.stages.validation();
      Gauge.builder(
              "caravan_dnssec_works",
              validation,
              v -> v.state() instanceof Validation.State.Works ? 1 : 0)
          .description("1 while answers of the DNS are validated, so that DANE is on")
          .register(assembly.registry);
      closings.push(new ValidationWatch(validation, InstantSource.system()).start()::close);
    }
  }

  /// What an earlier life was changing for the operator when it ended goes back to where it was.
  private static void giveBack(QueueAdmin admin) throws InterruptedException {
    try {
      long messages = admin.giveBack();
      if (messages > 0) {
        LOG.warn(
            "{} messages that a verb of the operator's was about when the server ended are back"
                + " where they were",
            messages);
      }
    } catch (QueueUnavailable e) {
      LOG.error("what a verb of the operator's was about cannot be given back: {}", e.getMessage());
    }
  }

  private Broker connect(Path data, Consumer<Throwable> onFatal) throws IOException {
    var external = settings.broker();
    if (external.url().isPresent()) {
      var broker =
          new RemoteBroker(
              external.url().get(), external.user(), external.password().text(), external.prefix());
      closings.push(broker::close);
      return broker;
    }
    var broker =
        EmbeddedBroker.start(
            data.resolve("broker"),
            BrokerSettings.of(external.minDiskFree().bytes())
                .with(
                    external
                        .stomp()
                        .address()
                        .map(
                            at ->
                                new ProgramDoor(
                                    at,
                                    external.stomp().user(),
                                    external.stomp().password().text()))));
    closings.push(broker::close);
    broker.onFatal(onFatal);
    return broker;
  }

  /// The database is opened now where it is certain to be needed, or where it may be away.
  private Memory memory(StateOnDemand state, Path data) {
    String node = settings.cluster().node().orElse("");
    boolean greylist = settings.greylist().greylisting().enabled();
    if (greylist || settings.state().url().isPresent()) {
      state.store();
    }
    return new Memory(
        greylist ? new JdbcTriplets(state.store()) : NobodySeen.HERE,
        new JdbcQuarantine(state, node),
        Optional.of(new JdbcDigests(state, node)),
        new JdbcBlocks(
            state,
            () ->
                settings.state().url().isPresent()
                    || StateStore.isEmbeddedIn(data.resolve("state"))));
  }

  private ListenerPorts ports() {
    return ListenerPorts.of(settings, routeIds);
  }

  /// Past the descriptors of the process, sessions would take those that mail in the queues needs.
  private void checkDescriptors() {
    int wanted = settings.smtp().sessionLimit();
    if (Descriptors.sessions() < wanted) {
      LOG.warn(
          "smtp.session-limit: {} sessions at one time, not {}: this process may open too few"
              + " files; raise ulimit -n (systemd: LimitNOFILE)",
          Descriptors.sessions(),
          wanted);
    }
  }

  private static void release(ContentStore store, String ref) {
    try {
      store.release(ref);
    } catch (IOException e) {
      LOG.warn("stored content {} stays until the next start: {}", ref, e.toString());
    }
  }
}
