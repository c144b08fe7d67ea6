package org.caravanmta;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.caravanmta.address.Domain;
import org.caravanmta.address.NetworkList;
import org.caravanmta.address.Origin;
import org.caravanmta.config.DomainPattern;
import org.caravanmta.config.OutgoingSettings.HostLookup;
import org.caravanmta.config.Settings;
import org.caravanmta.config.TableName;
import org.caravanmta.delivery.DiscardDelivery;
import org.caravanmta.delivery.ErrorDelivery;
import org.caravanmta.delivery.endpoint.EndpointDelivery;
import org.caravanmta.delivery.endpoint.EndpointSteps;
import org.caravanmta.delivery.remote.Destinations;
import org.caravanmta.delivery.remote.LmtpDelivery;
import org.caravanmta.delivery.remote.Load;
import org.caravanmta.delivery.remote.SmtpDelivery;
import org.caravanmta.dns.DnsNames;
import org.caravanmta.dns.HostNames;
import org.caravanmta.dns.Resolver;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.QueueIds;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.queue.admin.Unqueued;
import org.caravanmta.queue.camel.Unanswered;
import org.caravanmta.queue.spi.QueueFull;
import org.caravanmta.reception.limits.Patience;
import org.caravanmta.reception.limits.Sessions;
import org.caravanmta.reception.session.DialogueRules;
import org.caravanmta.reception.session.Reception;
import org.caravanmta.reception.session.ReceptionSettings;
import org.caravanmta.report.Postmaster;
import org.caravanmta.report.Reports;
import org.caravanmta.restriction.access.AccessTable;
import org.caravanmta.restriction.dnsbl.Dnsbl;
import org.caravanmta.restriction.greylist.Exemptions;
import org.caravanmta.restriction.greylist.Greylist;
import org.caravanmta.restriction.greylist.Greylisting;
import org.caravanmta.restriction.login.SenderLogin;
import org.caravanmta.restriction.relay.KnownRecipients;
import org.caravanmta.restriction.reverse.ClientNames;
import org.caravanmta.retry.Failure;
import org.caravanmta.retry.Retry;
import org.caravanmta.retry.RetrySchedule;
import org.caravanmta.rewrite.Generic;
import org.caravanmta.routing.Routing;
import org.caravanmta.smtp.Reply;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.state.Triplets;
import org.caravanmta.submission.MaildropComponent;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Patterns;
import org.caravanmta.table.Tables;
import org.caravanmta.table.Values;

/// The decisions that route steps name, made from the settings: one bean for each, by its name in
/// the route files. Opens every table; touches no disk else and no network.
final class Beans implements AutoCloseable {
  /// Connections kept for the next message, over all destinations.
  private static final int MOST_IDLE_CONNECTIONS = 200;

  /// How long a task waits for its turn at a busy destination.
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /// How long one waits that finds no room where others wait.
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /// Tasks at work at one time by SMTP, and to mail stores and content filters.
  private static final int AT_WORK = 500;

  private static final int AT_WORK_NEARBY = 100;

  /// Tasks that wait for their turn: with those at work, the window of the route.
  private static final int ROOM = 1000;

  private static final int ROOM_NEARBY = 400;

  private static final Reply LATER = Reply.of(451, "4.3.0", "Temporary failure, try again later");
  private static final Reply FULL = Reply.of(452, "4.3.1", "Insufficient system storage");

  private final Map<String, Object> byName = new LinkedHashMap<>();
  private final List<Destinations> destinations = new ArrayList<>();
  private final Sessions sessions;
  private final ConnectionCache connections;
  private final ConnectionCache filterConnections;
  private final Admission admission;
  private final RetrySchedule schedule;
  private final RestrictionBeans restrictions;
  private final WaitingMail waitingMail;

  /// @param transports those that have a queue, `delivery.NAME`
  /// @param roomLeft whether the disk has room for another message
  /// @throws IllegalArgumentException says which setting or table cannot be used, and why
  Beans(
      Settings settings,
      ContentStore store,
      Triplets triplets,
      Set<String> transports,
      BooleanSupplier roomLeft,
      InstantSource clock) {
    String hostname = Caravan.hostname(settings);
    var origin =
        OwnAddresses.origin(
            settings, settings.rewriting().origin().orElseGet(() -> first(settings, hostname)));
    var ids = new QueueIds(clock, new SecureRandom().nextLong());
    this.sessions = Visitors.sessions(settings, clock);
    this.connections =
        new ConnectionCache(settings.delivery().connectionIdle(), MOST_IDLE_CONNECTIONS, clock);
    this.filterConnections =
        new ConnectionCache(settings.delivery().connectionIdle(), MOST_IDLE_CONNECTIONS, clock);
    this.schedule =
        new RetrySchedule(
            settings.queue().lanes(),
            settings.queue().lifetime(),
            settings.report().lifetime(),
            settings.queue().delayWarning());
    DnsNames names = names(settings);

    var addresses = new AddressBeans(settings, hostname, origin, transports, clock);
    byName.putAll(addresses.byName());
    byName.put("clientNames", new ClientNames(settings.smtp().clientNameLookup(), names));
    this.restrictions = new RestrictionBeans(settings, names, addresses, sessions::stressed, clock);
    List<DomainPattern> flushed = settings.queue().flushDomains();
    this.waitingMail =
        new WaitingMail(
            flushed.isEmpty()
                ? OwnAddresses.relayed(settings, clock)
                : Patterns.domains(
                    DomainPattern.texts(flushed),
                    OwnAddresses.below(settings, "fast_flush_domains"),
                    clock),
            name -> destinations.forEach(each -> each.revive(name)));
    restrictions(settings, origin, addresses, names, triplets, clock);
    var reception =
        new Reception(
            receptionSettings(
                settings,
                OwnAddresses.networks(settings, clock),
                hostname,
                origin.domain(),
                Visitors.conduct(settings, hostname, origin.domain(), clock)),
            sessions,
            Visitors.intermediaries(settings),
            store,
            ids,
            clock,
            roomLeft,
            Beans::fault,
            restrictions::atData,
            waitingMail);
    this.admission = new Admission(settings, clock);
    admission.addTo(byName, reception);
    byName.put("receptionLoops", sessions.loops());
    byName.put("undecided", (Unanswered) (question, _) -> question);
    byName.put("defer", (Unanswered) (question, _) -> deferred(question));

    Postmaster postmaster = NoticeBeans.postmaster(settings.notices(), origin);
    var retry =
        new Retry(
            schedule,
            settings.smtp().softBounce(),
            postmaster.told().containsKey(Postmaster.Concern.DOUBLE_BOUNCE),
            store::link,
            clock);
    byName.put("retry", retry);
    byName.put("failure", new Failure(schedule, settings.queue().faultLimit(), clock));
    byName.put(
        "routing",
        new Routing(
            OwnAddresses.resolution(settings, origin, clock),
            addresses.directions(),
            settings.delivery().outgoing().recipientLimit(),
            store::link,
            retry,
            clock));
    byName.put(
        "reports",
        new Reports(
            hostname,
            origin.domain(),
            settings.report().sizeLimit().bytes(),
            settings.queue().lifetime(),
            ids,
            store::read,
            clock,
            postmaster,
            NoticeBeans.templates(settings, hostname, origin)));
    deliveries(settings, hostname, origin, ids, store, addresses, names, clock);
    var known =
        (KnownRecipients) Objects.requireNonNull(byName.get("recipients"), "no bean recipients");
    byName.putAll(
        LocalSubmission.beans(
            settings, hostname, origin, store, known::check, addresses::prospect, ids, clock));
    ContentBeans.add(byName, settings, origin, addresses.added(), store, clock);
  }

  Map<String, Object> byName() {
    return Map.copyOf(byName);
  }

  RestrictionBeans restrictions() {
    return restrictions;
  }

  Sessions sessions() {
    return sessions;
  }

  WaitingMail waitingMail() {
    return waitingMail;
  }

  /// The queues in which deferred mail waits, and how long it does.
  Map<String, Duration> lanes() {
    return schedule.queues();
  }

  /// What programs have posted and no queue has yet.
  List<Unqueued> posted() {
    return byName.get("maildrop") instanceof MaildropComponent maildrop
        ? maildrop.waiting()
        : List.of();
  }

  /// Has destinations that could not be reached tried again at once.
  void reviveDestinations() {
    destinations.forEach(Destinations::revive);
  }

  @Override
  public void close() {
    sessions.close();
    connections.close();
    filterConnections.close();
    admission.close();
  }

  private void restrictions(
      Settings settings,
      Origin origin,
      AddressBeans addresses,
      DnsNames names,
      Triplets triplets,
      InstantSource clock) {
    byName.put(
        "dnsbl", new Dnsbl(settings.dnsbl().zones(), settings.dnsbl().threshold(), names, clock));
    byName.put(
        "greylist",
        new Greylist(
            new Greylisting(
                settings.greylist().enabled(),
                settings.greylist().delay(),
                settings.greylist().retryWindow(),
                settings.greylist().lifetime(),
                settings.greylist().clientReturns()),
            new Exemptions(
                access(settings, settings.greylist().exemptClients(), clock),
                access(settings, settings.greylist().exemptSenders(), clock),
                access(settings, settings.greylist().exemptRecipients(), clock)),
            triplets,
            clock));
    byName.put(
        "senderLogin",
        new SenderLogin(addresses.search(settings.submission().senderLoginMaps()), origin));
  }

  private static AccessTable access(Settings settings, List<TableName> names, InstantSource clock) {
    return new AccessTable(
        Tables.search(texts(names), clock, Values.ANY),
        new Extensions(settings.rewriting().recipientDelimiter()),
        settings.restrictions().parents("smtpd_access_maps"));
  }

  private void deliveries(
      Settings settings,
      String hostname,
      Origin origin,
      QueueIds ids,
      ContentStore store,
      AddressBeans addresses,
      DnsNames names,
      InstantSource clock) {
    var outgoing = new Outgoing(settings, hostname);
    SmtpCaller caller = outgoing.caller();
    byName.put(
        "smtpDelivery",
        new SmtpDelivery(
            names,
            caller.telling(settings.delivery().outgoing().xforward()),
            outgoing.tries(),
            settings.delivery().port(),
            outgoing.fallback(),
            outgoing.ourselves(),
            destinations(settings, clock, AT_WORK, ROOM, false),
            connections,
            addresses.generic(),
            store::read,
            clock));
    byName.put(
        "lmtpDelivery",
        new LmtpDelivery(
            names,
            settings.data().directory().toAbsolutePath(),
            caller,
            outgoing.tries(),
            destinations(settings, clock, AT_WORK_NEARBY, ROOM_NEARBY, false),
            connections,
            addresses.genericOfLmtp(),
            store::read,
            clock));
    byName.put(
        "localDelivery",
        new LocalBeans(settings, origin, clock)
            .delivery(addresses, addresses.forwarding(), hostname, ids, store::read));
    byName.putAll(
        FilterBeans.of(
            settings,
            outgoing,
            names,
            () -> destinations(settings, clock, AT_WORK_NEARBY, ROOM_NEARBY, true),
            filterConnections,
            new Generic(addresses.search(List.of()), origin, false),
            store,
            clock));
    byName.put(
        "virtualDelivery", LocalBeans.virtual(settings, addresses, hostname, store::read, clock));
    byName.put("pipeDelivery", LocalBeans.pipe(settings, store::read, clock));
    byName.put("errorDelivery", new ErrorDelivery(clock));
    byName.put("discardDelivery", new DiscardDelivery(clock));
    byName.put("endpoint", new EndpointSteps(new EndpointDelivery(clock)));
  }

  private Destinations destinations(
      Settings settings, InstantSource clock, int total, int room, boolean alone) {
    var delivery = settings.delivery();
    var load =
        new Load(
            delivery.concurrency(),
            total,
            room,
            LONGEST_WAIT,
            PATIENCE,
            delivery.outgoing().rateDelay(),
            alone);
    var made = new Destinations(load, delivery.suspension(), clock);
    destinations.add(made);
    return made;
  }

  private static ReceptionSettings receptionSettings(
      Settings settings, NetworkList own, String hostname, Domain origin, DialogueRules conduct) {
    var smtp = settings.smtp();
    return new ReceptionSettings(
        hostname,
        origin,
        own,
        smtp.sizeLimit().bytes(),
        smtp.headerLimit().asInt(),
        smtp.lineLimit().asInt(),
        smtp.recipients(),
        new Patience(
            smtp.timeout(),
            smtp.softErrorLimit(),
            smtp.errorDelay(),
            smtp.errorLimit(),
            smtp.idleLimit(),
            smtp.minDataRate()),
        smtp.vrfy(),
        smtp.binarymime(),
        smtp.sessionLimit(),
        smtp.hopLimit(),
        settings.content().inlineLimit().asInt(),
        smtp.softBounce(),
        conduct);
  }

  private static DnsNames names(Settings settings) {
    DnsNames dns = new Resolver(texts(settings.dns().servers()), settings.dns().timeout());
    return switch (settings.delivery().outgoing().hostLookup()) {
      case List<HostLookup> order when order.equals(List.of(HostLookup.DNS)) -> dns;
      case List<HostLookup> order ->
          new HostNames(dns, order.contains(HostLookup.DNS), order.getFirst() == HostLookup.NATIVE);
    };
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  private static Domain first(Settings settings, String hostname) {
    return DomainPattern.first(settings.domains().own()).orElseGet(() -> new Domain(hostname));
  }

  private static Object deferred(Object question) {
    return question instanceof Case open ? open.decided(new Verdict.Defer(LATER)) : question;
  }

  /// What a client is told when a question broke on its way: never a 5yz, for the fault is ours.
  static Reply fault(Throwable why) {
    return why instanceof QueueFull ? FULL : LATER;
  }
}
