package org.caravanmta;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.caravanmta.account.RunningAs;
import org.caravanmta.check.Added;
import org.caravanmta.check.CheckStage;
import org.caravanmta.delivery.NowhereStage;
import org.caravanmta.delivery.endpoint.EndpointStage;
import org.caravanmta.delivery.local.LocalStage;
import org.caravanmta.delivery.program.ProgramStage;
import org.caravanmta.delivery.remote.RemoteStage;
import org.caravanmta.dns.Validation;
import org.caravanmta.domain.DomainClasses;
import org.caravanmta.event.Trouble;
import org.caravanmta.filter.FilterStage;
import org.caravanmta.filter.OutboundStage;
import org.caravanmta.filter.hooks.ProgramQueue;
import org.caravanmta.filter.milter.MilterHouse;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Mail;
import org.caravanmta.quarantine.QuarantineStage;
import org.caravanmta.quarantine.RefusalStage;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.admin.Unqueued;
import org.caravanmta.queue.camel.Unanswered;
import org.caravanmta.reception.ReceptionStage;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.report.ReportStage;
import org.caravanmta.restriction.RestrictionStage;
import org.caravanmta.restriction.blocked.BlockedStage;
import org.caravanmta.restriction.dnsbl.DnsblStage;
import org.caravanmta.restriction.greylist.GreylistStage;
import org.caravanmta.restriction.login.LoginStage;
import org.caravanmta.restriction.relay.RelayStage;
import org.caravanmta.restriction.reverse.ReverseStage;
import org.caravanmta.retry.Retry;
import org.caravanmta.retry.RetryStage;
import org.caravanmta.rewrite.RewritingStage;
import org.caravanmta.route.FilterSteps;
import org.caravanmta.route.RestrictionSteps;
import org.caravanmta.route.RouteClasses;
import org.caravanmta.routing.RoutingStage;
import org.caravanmta.routing.TaskSizes;
import org.caravanmta.settings.Foundation;
import org.caravanmta.settings.OwnTransports;
import org.caravanmta.settings.Settings;
import org.caravanmta.share.Shares;
import org.caravanmta.smtp.Grammar;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.state.Memory;
import org.caravanmta.submission.SubmissionStage;

/// All stages, in the order in which one needs another: what each asks of the others is handed to
/// it here, and nowhere else. Opens every table; touches the disk for nothing else, and no network.
public final class Stages implements AutoCloseable {
  private final StageBeans stages = new StageBeans();
  private final Settings settings;
  private final boolean onDnssec;
  private final House house;
  private final Sessions sessions;
  private final RestrictionSteps restrictionSteps;
  private final FilterSteps filterSteps;
  private final BlockedStage blocked;
  private final QuarantineStage quarantine;
  private final RetryStage retry;
  private final RoutingStage routing;
  private final RemoteStage remote;
  private final ScheduledDeliveries scheduled;
  private final SubmissionStage submission;
  private final DeliveryWatch watch;

  /// @param context where Camel endpoints are made
  /// @param transports those that have a queue, `delivery.NAME`
  /// @param filterQueues those of content filters that routes consume, `filter.NAME`
  /// @param roomLeft whether the disk has room for another message
  /// @param queues absent where nothing is to run
  /// @param asked the queue of a program that answers questions, by its name
  /// @param suspended whether mail may not be tried now
  /// @param shares the limits that the nodes of a cluster have in common
  /// @throws IllegalArgumentException says which setting or table cannot be used, and why
  Stages(
      Settings settings,
      ContentStore store,
      Memory memory,
      CamelContext context,
      Set<String> transports,
      Set<String> filterQueues,
      BooleanSupplier roomLeft,
      Optional<QueueAdmin> queues,
      Function<String, ProgramQueue> asked,
      Predicate<Mail> suspended,
      Shares shares,
      InstantSource clock) {
    DomainClasses.warn(settings.domains());
    OwnTransports own = OwnTransports.of(settings);
    this.onDnssec = Foundation.dependsOnDnssec(settings, own);
    this.settings = settings;
    this.house = Foundation.house(settings, store, suspended, shares, clock);
    this.watch = new DeliveryWatch(settings.delivery().watch().watchdog(), house.clock());
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

    var outbound = stages.add(new OutboundStage(settings.filters(), house));
    var rewriting = stages.add(new RewritingStage(settings.rewriting(), house));
    var reports =
        stages.add(
            new ReportStage(
                settings.report(),
                settings.notices(),
                settings.queue(),
                outbound.hearing(),
                house));
    this.retry =
        stages.add(
            new RetryStage(
                settings.queue(),
                settings.report().lifetime(),
                settings.smtp().softBounce(),
                reports.doubles(),
                settings.report().delayCleared(),
                outbound.hearing(),
                house));
    var programs =
        stages.add(
            new ProgramStage(
                settings.delivery().programs(),
                settings.local().commands(),
                RunningAs.root(),
                house));
    var endpoints =
        stages.add(
            new EndpointStage(
                settings.delivery().camel(), settings.delivery().ofEndpoints(), context, house));
    var domains = Foundation.virtualDomains(settings, rewriting.virtual(), house);
    this.routing =
        stages.add(
            new RoutingStage(
                settings.routing(),
                new RoutingStage.Terms(
                    settings.delivery().relayhost().map(Object::toString).orElse(""),
                    new TaskSizes(
                        settings.delivery().remote().outgoing().recipientLimit(),
                        own.recipientLimits()),
                    transports,
                    filterQueues,
                    programs.programs().keySet(),
                    endpoints::check,
                    settings.restrictions().parents("transport_maps"),
                    settings.recipients().nameTable()),
                domains,
                retry.deferral(),
                house));
    var local = stages.add(local(rewriting, programs));
    var relay =
        stages.add(
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
    stages.add(new ReverseStage(lookup, house));
    stages.add(new DnsblStage(settings.dnsbl(), house));
    stages.add(new GreylistStage(settings.greylist(), parents, memory.triplets(), house));
    stages.add(new LoginStage(settings.submission(), house));
    this.blocked = stages.add(new BlockedStage(memory.blocks(), house));
    var classes = new RouteClasses();
    var restrictions =
        stages.add(
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
        stages.add(
            new CheckStage(
                settings.checks(),
                settings.delivery().checks(),
                new Added(rewriting.everywhere(), rewriting.completion()),
                house));
    var refusals =
        stages.add(new RefusalStage(settings.quarantine(), memory, relay.relay()::ours, house));
    var filters =
        stages.add(
            new FilterStage(
                settings.filters(),
                new FilterStage.Terms(
                    settings.routing().contentFilter(),
                    programs.user(settings.routing().contentFilter()),
                    settings.content().inlineLimit().asInt(),
                    settings.smtp().message().sizeLimit().bytes(),
                    Grammar.of(house.local().origin().domain()),
                    address ->
                        routing
                            .way(address)
                            .map(to -> new MilterHouse.Way(to.transport(), to.nextHop())),
                    rewriting.everywhere(),
                    asked,
                    routing.transports()::expectFilter,
                    refusals.refusals(),
                    retry.deferral(),
                    RunningAs.root(),
                    "Caravan"),
                house));
    this.filterSteps = new FilterSteps(filters.filters(), routing.transports()::expectFilter);
    this.quarantine =
        stages.add(
            new QuarantineStage(
                settings.quarantine(),
                memory,
                queues,
                filters.filters(),
                relay.relay()::ours,
                blocked.list(),
                house));
    this.remote =
        stages.add(
            new RemoteStage(
                new RemoteStage.Sections(
                    settings.delivery().forRemote(), settings.delivery().sts(), own.forRemote()),
                Foundation.ourselves(settings, house),
                new RemoteStage.Leaving(
                    rewriting.generic(), rewriting.genericOfLmtp(), rewriting.none()),
                checks.wire(),
                settings.notices().troubles().contains(Trouble.PROTOCOL),
                house));
    this.scheduled = new ScheduledDeliveries(remote, endpoints);
    stages.add(new NowhereStage(clock));
    this.submission =
        stages.add(
            new SubmissionStage(
                settings.maildrop(),
                settings.smtp().message(),
                settings.content(),
                settings.smtp().verp().verps().usual(),
                relay.recipients()::check,
                routing::prospect,
                house));
    reports.post(submission::post);
    stages.add(
        new ReceptionStage(
            greeted,
            sessions,
            new ReceptionStage.Asks(
                roomLeft,
                BrokenQuestion::reply,
                restrictions.restrictions()::atData,
                filters.filters()::followed,
                new WaitingMail(Foundation.flushed(settings, house), remote::revive, queues),
                Foundation.discarded(settings, house),
                settings.notices().troubles()),
            house));
    stages.add("undecided", (Unanswered) (question, _) -> question);
    stages.add("defer", (Unanswered) (question, _) -> BrokenQuestion.deferred(question));
  }

  /// The beans of all stages, by their names in routes.
  public Map<String, Object> beans() {
    return stages.all();
  }

  public RestrictionSteps restrictions() {
    return restrictionSteps;
  }

  /// The source of the steps that are content filters.
  public FilterSteps filters() {
    return filterSteps;
  }

  /// What the operator may do with mail that content filters have set aside.
  QuarantineStage quarantine() {
    return quarantine;
  }

  /// The senders that are blocked.
  public BlockedStage blocked() {
    return blocked;
  }

  Sessions sessions() {
    return sessions;
  }

  /// The queues in which deferred mail waits, and how long it does.
  Map<String, Duration> lanes() {
    return retry.schedule().queues();
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

  Retry retry() {
    return retry.retry();
  }

  /// Has tried at once what is left alone for a while, since it could not be reached: destinations,
  /// and servers of content filters.
  void revive() {
    scheduled.revive();
    filterSteps.revive();
  }

  /// The deliveries whose destinations are scheduled.
  ScheduledDeliveries scheduled() {
    return scheduled;
  }

  /// The watch over all attempts at delivery.
  DeliveryWatch watch() {
    return watch;
  }

  /// See {@link Stage#begin}.
  void begin() {
    stages.begin();
    watch.begin();
  }

  @Override
  public void close() {
    watch.close();
    stages.close();
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
