package org.caravanmta.delivery.remote;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import javax.net.ssl.SSLContext;
import org.caravanmta.delivery.schedule.DestinationState;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.shaping.ServerGroups;
import org.caravanmta.event.DeliveryEvent;
import org.caravanmta.event.Events;
import org.caravanmta.message.Destination;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Queues;
import org.caravanmta.message.SentCopy;
import org.caravanmta.message.Transport;
import org.caravanmta.monitor.Conditions;
import org.caravanmta.mtasts.MtaSts;
import org.caravanmta.mtasts.StsSettings;
import org.caravanmta.mtasts.WebServers;
import org.caravanmta.sasl.token.TokenCondition;
import org.caravanmta.sasl.token.Tokens;
import org.caravanmta.smtp.client.Complaints;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.tls.client.WebTrust;

/// The stages `delivery.smtp`, `delivery.lmtp` and `delivery.filter`: mail to other servers, to
/// mail stores, and to content filters, which get it unchanged.
public final class RemoteStage implements Stage {
  /// How long a task waits for its turn at a busy destination.
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /// The most tasks at work at one time by SMTP.
  private static final int AT_WORK = 500;

  /// The most tasks at work at one time for mail stores, and for content filters: there are few,
  /// and they are near.
  private static final int AT_WORK_NEARBY = 100;

  /// The most tasks by SMTP that wait for their turn in memory; with those at work they are the
  /// window of the route. The others wait in queues.
  private static final int ROOM = 1000;

  /// The same for mail stores, and for content filters.
  private static final int ROOM_NEARBY = 400;

  private static final String FILTER = Transport.FILTER.key();

  private final House house;
  private final Tokens tokens;
  private final ServerGroups groups;
  private final List<Scheduled> scheduled = new ArrayList<>();
  private final List<TransportAgent> agents = new ArrayList<>();
  private final Optional<MtaSts> sts;
  private final Map<String, Object> beans = new HashMap<>();
  private final Map<String, Gate> gates = new HashMap<>();
  private final Map<String, Ceilings> ceilings = new HashMap<>();

  /// The destinations of a transport; content filters have two sets of them.
  ///
  /// @param way what stands before their names: `smtp:` and `lmtp:` of filters, else nothing
  private record Scheduled(String transport, String way, Destinations destinations) {
    String named(String hop) {
      return way + hop;
    }
  }

  /// The rewriting of addresses in outgoing mail (postfix `generic(5)`).
  ///
  /// @param smtp for mail that leaves by SMTP
  /// @param lmtp for mail to mail stores
  /// @param unchanged for content filters: leaves every address as it is
  public record Leaving(SentCopy smtp, SentCopy lmtp, SentCopy unchanged) {}

  /// What the stage is made from.
  ///
  /// @param own the settings of the transports `smtp` and `lmtp`
  /// @param sts whether policies that domains publish are kept
  /// @param transports the operator's transports that deliver as these, with their own settings
  public record Sections(
      TransportSections own, StsSettings sts, Map<TransportLine, TransportSections> transports) {}

  /// @param ourselves how we know our own server
  /// @param checks the operator's rules for mail that leaves by SMTP
  /// @param complains whether somebody wants to hear of servers that do not keep to SMTP
  public RemoteStage(
      Sections sections,
      Ourselves ourselves,
      Leaving leaving,
      SentCopy checks,
      boolean complains,
      House house) {
    this.house = house;
    this.groups = new ServerGroups(house.shares());
    TransportSections own = sections.own();
    this.sts =
        sections.sts().enabled()
            ? Optional.of(policies(sections.sts(), WebTrust.of(own.tls(), house.clock())))
            : Optional.empty();
    this.tokens = new Tokens(own.sasl().tokens(), house.clock(), RemoteStage::see);
    Optional<Complaints> told =
        complains
            ? Optional.of(
                (peer, lines) -> Events.tell(new DeliveryEvent.ServerErred(peer.toString(), lines)))
            : Optional.empty();
    var around =
        new TransportAgent.Surroundings(
            house, ourselves, tokens, sts.map(StsRule::new), groups, told);
    TransportAgent agent = agent(own, around);
    bySmtp(Transport.SMTP.key(), "smtpDelivery", agent, leaving, checks);
    byLmtp(Transport.LMTP.key(), "lmtpDelivery", agent, leaving);
    sections
        .transports()
        .forEach((line, its) -> another(line, agent(its, around), leaving, checks));
    TransportAgent filters = agent(own.toFilters(), around);
    Destinations bySmtp = filters(Transport.SMTP, filters);
    Destinations byLmtp = filters(Transport.LMTP, filters);
    gates.put(Queues.delivery(FILTER), new FilterGate(bySmtp, byLmtp));
    ceilings.put(FILTER, filters.ceilings());
    beans.put(
        "filterDelivery",
        new FilterDelivery(
            filters.smtpFilter(bySmtp, leaving.unchanged())::deliverTo,
            filters.lmtpFilter(byLmtp, leaving.unchanged())::deliverTo));
  }

  private Destinations filters(Transport way, TransportAgent agent) {
    return destinations(FILTER, way.key() + ":", agent, AT_WORK_NEARBY, ROOM_NEARBY);
  }

  private void another(TransportLine line, TransportAgent agent, Leaving leaving, SentCopy checks) {
    if (line.as() == Transport.SMTP) {
      bySmtp(line.name(), line.bean(), agent, leaving, checks);
    } else {
      byLmtp(line.name(), line.bean(), agent, leaving);
    }
  }

  private void bySmtp(
      String transport, String bean, TransportAgent agent, Leaving leaving, SentCopy checks) {
    Destinations turns = destinations(transport, "", agent, AT_WORK, ROOM);
    gates.put(Queues.delivery(transport), turns);
    ceilings.put(transport, agent.ceilings());
    SmtpDelivery delivery = agent.smtp(turns, leaving.smtp());
    beans.put(bean, new CheckedDelivery(delivery::deliver, checks, house.clock()));
  }

  private void byLmtp(String transport, String bean, TransportAgent agent, Leaving leaving) {
    Destinations turns = destinations(transport, "", agent, AT_WORK_NEARBY, ROOM_NEARBY);
    gates.put(Queues.delivery(transport), turns);
    ceilings.put(transport, agent.ceilings());
    beans.put(bean, agent.lmtp(turns, leaving.lmtp()));
  }

  private TransportAgent agent(TransportSections its, TransportAgent.Surroundings around) {
    var agent = new TransportAgent(its, around);
    agents.add(agent);
    return agent;
  }

  private MtaSts policies(StsSettings own, SSLContext trust) {
    return new MtaSts(
        house.dns(),
        new WebServers(house.dns(), own.port(), own.timeout(), trust),
        house.directory().resolve("mta-sts"),
        house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return Map.copyOf(beans);
  }

  /// By their queues, who says which tasks may begin.
  public Map<String, Gate> gates() {
    return Map.copyOf(gates);
  }

  /// Ends the suspension of all destinations, see {@link Destinations#revive()}.
  public void revive() {
    scheduled.forEach(each -> each.destinations().revive());
  }

  /// Ends the suspension of one destination.
  public void revive(String destination) {
    scheduled.forEach(each -> each.destinations().revive(destination));
  }

  /// How the destinations of all transports stand.
  public List<DestinationState> states() {
    return scheduled.stream()
        .flatMap(
            each ->
                each.destinations().states(each.transport()).stream()
                    .map(state -> state.named(each.named(state.nextHop()))))
        .toList();
  }

  /// Begins anew with destinations, see {@link Destinations#restart}.
  ///
  /// @param which those, by transport and next hop
  public void restart(BiPredicate<String, String> which) {
    scheduled.forEach(
        each -> each.destinations().restart(hop -> which.test(each.transport(), each.named(hop))));
  }

  /// Turns away what waits for destinations, see {@link Destinations#turnAway}.
  ///
  /// @param which those, by transport and next hop
  public void turnAway(BiPredicate<String, String> which) {
    scheduled.forEach(
        each -> each.destinations().turnAway(hop -> which.test(each.transport(), each.named(hop))));
  }

  /// How much a destination gets at the most, and which rule or setting says so, one line for each;
  /// none for a transport that is not of this stage. May ask the DNS.
  public List<String> ceilings(Destination destination) {
    Ceilings its = ceilings.get(destination.transport());
    return its == null ? List.of() : its.of(hop(destination));
  }

  private static String hop(Destination destination) {
    return destination instanceof Destination.Filter(var server)
        ? server.nextHop()
        : destination.nextHop();
  }

  /// Registers metrics of the servers whose limits many domains share.
  public void measure(MeterRegistry registry) {
    groups.measure(registry);
  }

  @Override
  public void begin() {
    tokens.begin();
    sts.ifPresent(MtaSts::begin);
  }

  @Override
  public void close() {
    tokens.close();
    agents.forEach(TransportAgent::close);
    sts.ifPresent(MtaSts::close);
  }

  private static void see(String token, Optional<TokenCondition> trouble) {
    Conditions.see(
        "access token " + token,
        trouble.map(it -> new Conditions.Condition(it.kind().name(), it.toString())));
  }

  private Destinations destinations(
      String transport, String way, TransportAgent agent, int total, int room) {
    Destinations made =
        agent
            .destinations(new Load(total, room, LONGEST_WAIT))
            .unless(house.suspended())
            .sharing(house.shares(), way.isEmpty() ? transport : transport + " " + way);
    scheduled.add(new Scheduled(transport, way, made));
    return made;
  }
}
