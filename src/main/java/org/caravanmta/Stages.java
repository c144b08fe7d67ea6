package org.caravanmta;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.caravanmta.account.RunningAs;
import org.caravanmta.check.Added;
import org.caravanmta.check.CheckStage;
import org.caravanmta.delivery.NowhereStage;
import org.caravanmta.delivery.TaskOutcome;
import org.caravanmta.delivery.endpoint.CamelDelivery;
import org.caravanmta.delivery.endpoint.EndpointStage;
import org.caravanmta.delivery.local.LocalDelivery;
import org.caravanmta.delivery.local.LocalStage;
import org.caravanmta.delivery.local.VirtualDelivery;
import org.caravanmta.delivery.program.PipeDelivery;
import org.caravanmta.delivery.program.ProgramStage;
import org.caravanmta.delivery.remote.CheckedDelivery;
import org.caravanmta.delivery.remote.FilterDelivery;
import org.caravanmta.delivery.remote.LmtpDelivery;
import org.caravanmta.delivery.remote.RemoteStage;
import org.caravanmta.delivery.schedule.DestinationState;
import org.caravanmta.delivery.watch.AtWork;
import org.caravanmta.delivery.watch.Watchdog;
import org.caravanmta.delivery.watch.WatchedDelivery;
import org.caravanmta.delivery.watch.WatchedLocalDelivery;
import org.caravanmta.dns.Dnssec;
import org.caravanmta.dns.Validation;
import org.caravanmta.domain.DomainClasses;
import org.caravanmta.event.Trouble;
import org.caravanmta.filter.FilterStage;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Transport;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.admin.Unqueued;
import org.caravanmta.queue.camel.Unanswered;
import org.caravanmta.reception.ReceptionStage;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.report.ReportStage;
import org.caravanmta.restriction.RestrictionStage;
import org.caravanmta.restriction.dnsbl.DnsblStage;
import org.caravanmta.restriction.greylist.GreylistStage;
import org.caravanmta.restriction.login.LoginStage;
import org.caravanmta.restriction.relay.RelayStage;
import org.caravanmta.restriction.reverse.ReverseStage;
import org.caravanmta.retry.Retry;
import org.caravanmta.retry.RetryStage;
import org.caravanmta.rewrite.RewritingStage;
import org.caravanmta.route.RestrictionSteps;
import org.caravanmta.route.RouteClasses;
import org.caravanmta.routing.RoutingStage;
import org.caravanmta.routing.TaskSizes;
import org.caravanmta.settings.Foundation;
import org.caravanmta.settings.OwnTransports;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.state.Triplets;
import org.caravanmta.submission.SubmissionStage;
import org.caravanmta.suspension.Suspension;

/// All stages, in the order in which one needs another: what each asks of the others is handed to
/// it here, and nowhere else. Opens every table; touches the disk for nothing else, and no network.
public final class Stages implements AutoCloseable {
  private static final String CAMEL = Transport.CAMEL.key();

  private final List<Stage> all = new ArrayList<>();
  private final Map<String, Object> beans = new LinkedHashMap<>();
  private final Settings settings;
  private final boolean onDnssec;
  private final House house;
  private final Sessions sessions;
  private final RestrictionSteps restrictionSteps;
  private final RetryStage retry;
  private final RoutingStage routing;
  private final RemoteStage remote;
  private final EndpointStage endpoints;
  private final SubmissionStage submission;
  private final AtWork work = new AtWork(System::nanoTime);
  private final Watchdog watchdog;

  /// @param context where Camel endpoints are made
  /// @param transports those that have a queue, `delivery.NAME`
  /// @param roomLeft whether the disk has room for another message
  /// @param queues absent where nothing is to run
  /// @param suspended whether mail may not be tried now
  /// @throws IllegalArgumentException says which setting or table cannot be used, and why
  Stages(
      Settings settings,
      ContentStore store,
      Triplets triplets,
      CamelContext context,
      Set<String> transports,
      BooleanSupplier roomLeft,
      Optional<QueueAdmin> queues,
      Predicate<Mail> suspended,
      InstantSource clock) {
    DomainClasses.warn(settings.domains());
    OwnTransports own = OwnTransports.of(settings);
    this.onDnssec =
        settings.dns().dnssec().dnssec() == Dnssec.VALIDATE
            || Stream.concat(Stream.of(settings.delivery()), own.all().values().stream())
                .anyMatch(delivery -> delivery.tls().mayUseDane());
    this.settings = settings;
    this.watchdog = new Watchdog(work, settings.delivery().watch().watchdog());
    this.house = Foundation.house(settings, store, suspended, clock);
    var greeted =
        new ReceptionStage.Sections(
            settings.smtp(),
            settings.limits(),
            settings.listeners(),
            settings.tls(),
            settings.sasl(),
            settings.rewriting().resolve(),
            settings.content());
    this.sessions = ReceptionStage.sessions(greeted, house);

    var rewriting = add(new RewritingStage(settings.rewriting(), house));
    var reports =
        add(new ReportStage(settings.report(), settings.notices(), settings.queue(), house));
    this.retry =
        add(
            new RetryStage(
                settings.queue(),
                settings.report().lifetime(),
                settings.smtp().softBounce(),
                reports.doubles(),
                settings.report().delayCleared(),
                house));
    var programs =
        add(
            new ProgramStage(
                settings.delivery().programs(),
                settings.local().commands(),
                RunningAs.root(),
                house));
    this.endpoints =
        add(
            new EndpointStage(
                settings.delivery().camel(), settings.delivery().ofEndpoints(), context, house));
    var domains = Foundation.virtualDomains(settings, rewriting.virtual(), house);
    this.routing =
        add(
            new RoutingStage(
                settings.routing(),
                new RoutingStage.Terms(
                    settings.delivery().relayhost().map(Object::toString).orElse(""),
                    new TaskSizes(
                        settings.delivery().remote().outgoing().recipientLimit(),
                        own.recipientLimits()),
                    transports,
                    programs.programs().keySet(),
                    endpoints::check,
                    settings.restrictions().parents("transport_maps"),
                    settings.recipients().nameTable()),
                domains,
                retry.retry()::defer,
                house));
    var local = add(local(rewriting, programs));
    var relay =
        add(
            new RelayStage(
                settings.recipients(),
                new RelayStage.Terms(
                    settings.restrictions().untrustedRouting(),
                    settings.restrictions().codes(),
                    local.everybody(),
                    local.aliases()),
                domains,
                rewriting.ofRecipients(),
                routing.deliverability(),
                house));
    boolean lookup = settings.smtp().clientNameLookup();
    boolean parents = settings.restrictions().parents("smtpd_access_maps");
    add(new ReverseStage(lookup, house));
    add(new DnsblStage(settings.dnsbl(), house));
    add(new GreylistStage(settings.greylist(), parents, triplets, house));
    add(new LoginStage(settings.submission(), house));
    var classes = new RouteClasses();
    var restrictions =
        add(
            new RestrictionStage(
                settings.restrictions(),
                settings.dnsbl(),
                lookup,
                relay.relay(),
                relay.recipients(),
                sessions::stressed,
                classes,
                house));
    this.restrictionSteps = new RestrictionSteps(restrictions.restrictions(), classes);
    var checks =
        add(
            new CheckStage(
                settings.checks(),
                settings.delivery().checks(),
                new Added(rewriting.everywhere(), rewriting.completion()),
                house));
    add(
        new FilterStage(
            settings.routing().contentFilter(),
            programs.user(settings.routing().contentFilter()),
            house.hostname()));
    this.remote =
        add(
            new RemoteStage(
                new RemoteStage.Sections(
                    settings.delivery().forRemote(), settings.delivery().sts(), own.forRemote()),
                Foundation.ourselves(settings, house),
                new RemoteStage.Leaving(
                    rewriting.generic(), rewriting.genericOfLmtp(), rewriting.none()),
                checks.wire(),
                settings.notices().troubles().contains(Trouble.PROTOCOL),
                house));
    add(new NowhereStage(clock));
    this.submission =
        add(
            new SubmissionStage(
                settings.maildrop(),
                settings.smtp().message(),
                settings.content(),
                settings.smtp().verp().verps().usual(),
                relay.recipients()::check,
                routing::prospect,
                house));
    reports.post(submission::post);
    add(
        new ReceptionStage(
            greeted,
            sessions,
            new ReceptionStage.Asks(
                roomLeft,
                BrokenQuestion::reply,
                restrictions.restrictions()::atData,
                new WaitingMail(Foundation.flushed(settings, house), remote::revive, queues),
                Foundation.discarded(settings, house),
                settings.notices().troubles()),
            house));
    beans.put("undecided", (Unanswered) (question, _) -> question);
    beans.put("defer", (Unanswered) (question, _) -> BrokenQuestion.deferred(question));
  }

  /// The beans of all stages, by their names in routes.
  public Map<String, Object> beans() {
    return Map.copyOf(beans);
  }

  public RestrictionSteps restrictions() {
    return restrictionSteps;
  }

  Sessions sessions() {
    return sessions;
  }

  /// The queues in which deferred mail waits, and how long it does.
  Map<String, Duration> lanes() {
    return retry.schedule().queues();
  }

  /// By their queues, who says which tasks may begin.
  Map<String, Gate> gates() {
    var all = new LinkedHashMap<>(remote.gates());
    all.putAll(endpoints.gates());
    return all;
  }

  /// Whether something depends on validated answers of the DNS.
  boolean dependOnDnssec() {
    return onDnssec;
  }

  /// Whether answers of the DNS are validated.
  Validation validation() {
    return house.dns().validation();
  }

  /// What programs have posted and no queue has yet.
  List<Unqueued> posted() {
    return submission.posted();
  }

  /// Fit for mail to be sent to, as a transport table's value is.
  ///
  /// @throws IllegalArgumentException says why mail would wait forever
  void expectTransport(String value) {
    routing.transports().expect(value);
  }

  /// How much a destination gets at the most; see {@link RemoteStage#ceilings}.
  public List<String> ceilings(Destination destination) {
    return remote.ceilings(destination);
  }

  /// Registers metrics of deliveries.
  void measure(MeterRegistry registry) {
    remote.measure(registry);
  }

  Retry retry() {
    return retry.retry();
  }

  /// How the destinations of all transports stand that are scheduled.
  List<DestinationState> destinations() {
    return Stream.concat(remote.states().stream(), endpoints.destinations().states(CAMEL).stream())
        .toList();
  }

  /// Turns away what waits for its turn at what is suspended now.
  void turnAway(Suspension suspension) {
    // of a domain's mail, the next hop may be any
    boolean any = suspension.kind() == Suspension.Kind.DOMAIN;
    remote.turnAway(any ? (_, _) -> true : suspension::covers);
    endpoints.destinations().turnAway(uri -> any || suspension.covers(CAMEL, uri));
  }

  /// Begins anew with what is suspended no more.
  void restart(Suspension suspension) {
    remote.restart(suspension::covers);
    endpoints.destinations().restart(uri -> suspension.covers(CAMEL, uri));
  }

  /// Has destinations that could not be reached tried again at once.
  void reviveDestinations() {
    remote.revive();
    endpoints.revive();
  }

  /// The attempts at delivery that are being made.
  AtWork work() {
    return work;
  }

  /// What a route gets for a bean: a delivery with its attempts watched, anything else as it is.
  Object watched(Object bean) {
    return switch (bean) {
      case CheckedDelivery smtp -> watched(smtp::deliver);
      case LmtpDelivery lmtp -> watched(lmtp::deliver);
      case FilterDelivery filter -> watched(filter::deliver);
      case PipeDelivery program -> watched(program::deliver);
      case CamelDelivery endpoint -> watched(endpoint::deliver);
      case VirtualDelivery mailbox -> watched(mailbox::deliver);
      case LocalDelivery local -> new WatchedLocalDelivery(local::deliver, work, house.clock());
      default -> bean;
    };
  }

  private WatchedDelivery watched(Function<Mail, TaskOutcome> delivery) {
    return new WatchedDelivery(delivery, work, house.clock());
  }

  /// See {@link Stage#begin}.
  void begin() {
    all.forEach(Stage::begin);
    watchdog.begin();
  }

  @Override
  public void close() {
    watchdog.close();
    all.reversed().forEach(Stage::close);
  }

  private <S extends Stage> S add(S stage) {
    all.add(stage);
    stage
        .beans()
        .forEach(
            (name, bean) -> {
              if (beans.put(name, bean) != null) {
                throw new IllegalStateException("two stages have a bean " + name);
              }
            });
    return stage;
  }

  private LocalStage local(RewritingStage rewriting, ProgramStage programs) {
    return new LocalStage(
        new LocalStage.Sections(
            settings.local(),
            settings.virtual(),
            settings.mailboxes(),
            settings.recipients(),
            settings.delivery().local()),
        new LocalStage.Terms(
            settings.rewriting().propagate(),
            settings.rewriting().aliases().originalRecipients(),
            programs.programs().keySet(),
            RunningAs.root()),
        rewriting.forwarding(),
        house);
  }
}
