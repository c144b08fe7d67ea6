package org.caravanmta.delivery.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.schedule.SchedulingSettings;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Queues;
import org.caravanmta.message.SentCopy;
import org.caravanmta.message.Transport;
import org.caravanmta.monitor.Conditions;
import org.caravanmta.sasl.token.TokenCondition;
import org.caravanmta.sasl.token.Tokens;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.tls.client.ClientTlsSettings;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsPolicies;

/// The stages `delivery.smtp`, `delivery.lmtp` and `delivery.filter`: mail to other servers, to
/// mail stores, and to content filters, which get it unchanged.
public final class RemoteStage implements Stage {
  /// The most idle connections kept for a next message, over all destinations: each is an open
  /// file.
  private static final int MOST_IDLE_CONNECTIONS = 200;

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

  private final RemoteSettings own;
  private final SchedulingSettings scheduling;
  private final Ourselves ourselves;
  private final TlsClient tls;
  private final Security security;
  private final House house;
  private final Tokens tokens;
  private final List<Destinations> destinations = new ArrayList<>();
  private final ConnectionCache connections;
  private final ConnectionCache filterConnections;
  private final Map<String, Object> beans;
  private final Map<String, Gate> gates;

  /// The rewriting of addresses in outgoing mail (postfix `generic(5)`).
  ///
  /// @param smtp for mail that leaves by SMTP
  /// @param lmtp for mail to mail stores
  /// @param unchanged for content filters: leaves every address as it is
  public record Leaving(SentCopy smtp, SentCopy lmtp, SentCopy unchanged) {}

  /// How servers are approached, each with what is decided for it alone.
  ///
  /// @param policies what the operator says of TLS with a server
  /// @param fallbacks the servers with which TLS does not work
  /// @param rules what else decides about TLS
  private record Security(
      ClientTlsSettings own, TlsPolicies policies, List<TlsRule> rules, Fallbacks fallbacks) {
    /// @param level for servers that no table says anything of
    Approaches at(SecurityLevel level, ServerLogins logins) {
      return new ServerApproaches(policies, level, own.wrapped(), rules, logins, fallbacks);
    }
  }

  /// @param logins as whom we log in
  /// @param secure what TLS with servers must be
  /// @param dane what is made of TLSA records
  /// @param ourselves how we know our own server
  /// @param checks the operator's rules for mail that leaves by SMTP
  public RemoteStage(
      RemoteSettings own,
      RemoteLoginSettings logins,
      ClientTlsSettings secure,
      DaneSettings dane,
      SchedulingSettings scheduling,
      Ourselves ourselves,
      Leaving leaving,
      SentCopy checks,
      House house) {
    this.own = own;
    this.tokens = new Tokens(logins.tokens(), house.clock(), RemoteStage::see);
    RemoteLogins remoteLogins = RemoteLogins.open(logins, tokens.all(), house);
    this.scheduling = scheduling;
    this.ourselves = ourselves;
    this.house = house;
    this.tls = new TlsClient(secure, house.clock());
    this.security =
        new Security(
            secure,
            TlsPolicies.open(secure, house.clock()),
            List.of(new DaneRule(new DanePolicies(house.dns(), dane), dane)),
            new Fallbacks(secure.fallbackMemory(), house.clock()));
    Approaches nearby = security.at(secure.lmtpLevel(), remoteLogins.by(Protocol.LMTP));
    // a filter is next to us, and is what the operator says in a table, or nothing
    Approaches toFilters = security.at(SecurityLevel.NONE, ServerLogins.NOBODY);
    this.connections = new ConnectionCache(own.connection(), MOST_IDLE_CONNECTIONS, house.clock());
    this.filterConnections =
        new ConnectionCache(own.connection(), MOST_IDLE_CONNECTIONS, house.clock());
    RemoteSettings filters = own.toFilters();
    Destinations bySmtp = destinations(AT_WORK, ROOM);
    Destinations byLmtp = destinations(AT_WORK_NEARBY, ROOM_NEARBY);
    Approaches far = security.at(secure.level(), remoteLogins.by(Protocol.SMTP));
    SmtpDelivery smtp = smtp(own, far, bySmtp, connections, leaving.smtp());
    LmtpDelivery lmtp =
        lmtp(caller(own).withXforward(false), nearby, byLmtp, connections, leaving.lmtp());
    SmtpDelivery smtpFilter =
        smtp(
            filters,
            toFilters,
            destinations(AT_WORK_NEARBY, ROOM_NEARBY),
            filterConnections,
            leaving.unchanged());
    LmtpDelivery lmtpFilter =
        lmtp(
            caller(filters),
            toFilters,
            destinations(AT_WORK_NEARBY, ROOM_NEARBY),
            filterConnections,
            leaving.unchanged());
    this.gates =
        Map.of(
            Queues.delivery(Transport.SMTP.key()),
            bySmtp,
            Queues.delivery(Transport.LMTP.key()),
            byLmtp);
    this.beans =
        Map.of(
            "smtpDelivery",
            new CheckedDelivery(smtp::deliver, checks, house.clock()),
            "lmtpDelivery",
            lmtp,
            "filterDelivery",
            new FilterDelivery(smtpFilter::deliver, lmtpFilter::deliver));
  }

  private SmtpCaller caller(RemoteSettings settings) {
    return new SmtpCaller(house.hostname(), settings.connection(), settings.outgoing().caller())
        .with(tls);
  }

  private SmtpDelivery smtp(
      RemoteSettings settings,
      Approaches approaches,
      Destinations turns,
      ConnectionCache cache,
      SentCopy leaving) {
    return new SmtpDelivery(
        house.dns(),
        settings,
        caller(settings),
        ourselves,
        approaches,
        turns,
        cache,
        leaving,
        house.store()::read,
        house.clock());
  }

  private LmtpDelivery lmtp(
      SmtpCaller caller,
      Approaches approaches,
      Destinations turns,
      ConnectionCache cache,
      SentCopy leaving) {
    return new LmtpDelivery(
        house.dns(),
        house.directory().toAbsolutePath(),
        caller,
        own.outgoing().tries(),
        approaches,
        turns,
        cache,
        leaving,
        house.store()::read,
        house.clock());
  }

  @Override
  public Map<String, Object> beans() {
    return beans;
  }

  /// By their queues, who says which tasks may begin. A content filter has none: its tasks are all
  /// for one destination, and wait in its queue.
  public Map<String, Gate> gates() {
    return gates;
  }

  /// Ends the suspension of all destinations, see {@link Destinations#revive()}.
  public void revive() {
    destinations.forEach(Destinations::revive);
  }

  /// Ends the suspension of one destination.
  public void revive(String destination) {
    destinations.forEach(each -> each.revive(destination));
  }

  @Override
  public void begin() {
    tokens.begin();
  }

  @Override
  public void close() {
    tokens.close();
    connections.close();
    filterConnections.close();
  }

  private static void see(String token, Optional<TokenCondition> trouble) {
    Conditions.see(
        "access token " + token,
        trouble.map(it -> new Conditions.Condition(it.kind().name(), it.toString())));
  }

  private Destinations destinations(int total, int room) {
    var limits =
        new Limits(
            own.concurrency(),
            own.suspension(),
            own.outgoing().rateDelay(),
            scheduling.transportRateDelay(),
            scheduling.window());
    var made = new Destinations(limits, new Load(total, room, LONGEST_WAIT), house.clock());
    destinations.add(made);
    return made;
  }
}
