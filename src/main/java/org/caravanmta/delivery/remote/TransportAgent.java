package org.caravanmta.delivery.remote;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.delivery.reply.ReplyRules;
import org.caravanmta.delivery.schedule.Destinations;
import org.caravanmta.delivery.schedule.Limits;
import org.caravanmta.delivery.schedule.Load;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.delivery.shaping.ServerGroups;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.delivery.shaping.ShapingRule;
import org.caravanmta.message.SentCopy;
import org.caravanmta.sasl.token.Tokens;
import org.caravanmta.smtp.client.Complaints;
import org.caravanmta.smtp.client.ConnectionCache;
import org.caravanmta.smtp.client.Protocol;
import org.caravanmta.smtp.client.SmtpCaller;
import org.caravanmta.stage.House;
import org.caravanmta.tls.client.SecurityLevel;
import org.caravanmta.tls.client.TlsClient;
import org.caravanmta.tls.client.TlsPolicies;

/// What delivers by SMTP and LMTP with the settings of one transport (postfix `smtp(8)`,
/// `lmtp(8)`): its connections, its idea of TLS, the addresses that it calls from.
final class TransportAgent implements AutoCloseable {
  /// The most idle connections kept for a next message, over all destinations: each is an open
  /// file.
  private static final int MOST_IDLE_CONNECTIONS = 200;

  private final TransportSections own;
  private final Surroundings around;
  private final TlsClient tls;
  private final TlsPolicies policies;
  private final RemoteLogins logins;
  private final DaneRule dane;
  private final Fallbacks fallbacks;
  private final Sources sources;
  private final Shaping shaping;
  private final ReplyRules replies;
  private final ConnectionCache connections;

  /// What all transports share.
  ///
  /// @param ourselves how we know our own server
  /// @param tokens access tokens of logins
  /// @param sts what domains publish by MTA-STS; absent if that is not to be kept
  /// @param groups servers whose limits all transports share
  /// @param complaints who hears of servers that do not keep to SMTP
  record Surroundings(
      House house,
      Ourselves ourselves,
      Tokens tokens,
      Optional<StsRule> sts,
      ServerGroups groups,
      Optional<Complaints> complaints) {}

  TransportAgent(TransportSections own, Surroundings around) {
    House house = around.house();
    this.own = own;
    this.around = around;
    this.tls = new TlsClient(own.tls(), house.clock());
    this.policies = TlsPolicies.open(own.tls(), house.clock());
    this.logins = RemoteLogins.open(own.sasl(), around.tokens().all(), house);
    this.dane = new DaneRule(new DanePolicies(house.dns(), own.dane()), own.dane());
    this.fallbacks = new Fallbacks(own.tls().fallbackMemory(), house.clock());
    this.sources = Sources.open(own.sources(), house.local(), house.clock());
    this.shaping = Shaping.open(own.scheduling().shaping(), around.groups());
    this.replies =
        ReplyRules.open(own.scheduling().replies(), SourcePool.names(own.sources().pools()));
    this.connections =
        new ConnectionCache(own.remote().connection(), MOST_IDLE_CONNECTIONS, house.clock());
    around.groups().watch(this::trim);
  }

  private int trim(ShapingRule rule, int most) {
    return connections.trim(
        peer -> shaping.group(peer.host()).map(ServerGroup::rule).filter(rule::equals).isPresent(),
        most);
  }

  /// The scheduler of its destinations.
  Destinations destinations(Load load) {
    RemoteSettings remote = own.remote();
    var limits =
        new Limits(
            remote.concurrency(),
            remote.suspension(),
            remote.outgoing().rateDelay(),
            own.scheduling().transportRateDelay(),
            own.scheduling().window());
    return new Destinations(limits, load, shaping, replies, around.house().clock());
  }

  /// How much its destinations get at the most.
  Ceilings ceilings() {
    return new Ceilings(own, shaping, around.house().dns());
  }

  /// To the servers of domains, which are strangers.
  SmtpDelivery smtp(Destinations turns, SentCopy leaving) {
    return smtp(
        approaches(own.tls().level(), published(), logins.by(Protocol.SMTP), sources),
        caller(),
        turns,
        leaving);
  }

  /// To stores of ours.
  LmtpDelivery lmtp(Destinations turns, SentCopy leaving) {
    return lmtp(
        approaches(own.tls().lmtpLevel(), List.of(dane), logins.by(Protocol.LMTP), sources),
        caller().withXforward(false),
        turns,
        new NearCopy(leaving));
  }

  /// To a content filter.
  SmtpDelivery smtpFilter(Destinations turns, SentCopy leaving) {
    return smtp(nextDoor(), caller(), turns, new NearCopy(leaving));
  }

  /// The same by LMTP.
  LmtpDelivery lmtpFilter(Destinations turns, SentCopy leaving) {
    return lmtp(nextDoor(), caller(), turns, new NearCopy(leaving));
  }

  @Override
  public void close() {
    connections.close();
  }

  /// What besides the operator's word decides about TLS with servers of other domains: TLSA records
  /// come before MTA-STS (RFC 8461 §2).
  private List<TlsRule> published() {
    var rules = new ArrayList<TlsRule>();
    rules.add(SenderRule.first());
    rules.add(dane);
    around.sts().ifPresent(rules::add);
    rules.add(SenderRule.last());
    return rules;
  }

  /// A content filter is next to us, and TLS with it is what the operator says in a table, or none.
  private Approaches nextDoor() {
    return approaches(SecurityLevel.NONE, List.of(dane), ServerLogins.NOBODY, Sources.NONE);
  }

  private Approaches approaches(
      SecurityLevel level, List<TlsRule> rules, ServerLogins logins, Sources from) {
    return new ServerApproaches(
        policies, level, own.tls().wrapped(), rules, logins, from, fallbacks);
  }

  private SmtpCaller caller() {
    RemoteSettings remote = own.remote();
    return new SmtpCaller(
            around.house().hostname(), remote.connection(), remote.outgoing().caller())
        .with(tls)
        .telling(around.complaints());
  }

  private SmtpDelivery smtp(
      Approaches approaches, SmtpCaller caller, Destinations turns, SentCopy leaving) {
    House house = around.house();
    return new SmtpDelivery(
        house.dns(),
        own.remote(),
        caller,
        around.ourselves(),
        approaches,
        turns,
        connections,
        leaving,
        house.store()::read,
        house.clock());
  }

  private LmtpDelivery lmtp(
      Approaches approaches, SmtpCaller caller, Destinations turns, SentCopy leaving) {
    House house = around.house();
    return new LmtpDelivery(
        house.dns(),
        house.directory().toAbsolutePath(),
        caller,
        own.remote().outgoing().tries(),
        approaches,
        turns,
        connections,
        leaving,
        house.store()::read,
        house.clock());
  }
}
