package org.caravanmta.delivery.remote;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.caravanmta.address.Literals;
import org.caravanmta.address.ReversePath;
import org.caravanmta.domain.Locality;
import org.caravanmta.message.Draw;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.client.Peer;
import org.caravanmta.smtp.client.Source;
import org.caravanmta.table.AddressSearch;
import org.caravanmta.table.Extensions;
import org.caravanmta.table.Search;
import org.caravanmta.table.SearchPath;
import org.caravanmta.table.Values;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Chooses the address of ours that a server is called from: of the pool that a table names for the
/// sender, else for the recipient's domain, else of the usual one. An address from which calls
/// cannot be made, since this machine has lost it, is left alone for a while by itself.
final class Sources {
  private static final Logger LOG = LoggerFactory.getLogger(Sources.class);

  /// The key of the null reverse path in tables of senders.
  private static final String NOBODY = "<>";

  private final SourceSettings own;
  private final Map<String, SourcePool> pools;
  private final AddressSearch senders;
  private final SearchPath domains;
  private final InstantSource clock;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final Map<InetAddress, Health> healths = new HashMap<>();

  /// Servers are called from whatever address is usual.
  static final Sources NONE =
      new Sources(
          SourceSettings.none(),
          new AddressSearch(new SearchPath(List.of()), new Extensions(""), _ -> false),
          new SearchPath(List.of()),
          InstantSource.system());

  /// How calls from an address have gone.
  private static final class Health {
    private final Deque<Instant> failed = new ArrayDeque<>();
    private Instant suspended = Instant.MIN;
  }

  /// The address that a server is called from.
  sealed interface Choice {
    /// @param source absent for whatever is usual
    record From(Optional<Source> source) implements Choice {}

    /// @param reason why the message waits: a table could not be asked, or no address of the pool
    ///   can be called from now
    record Not(Reason reason) implements Choice {}
  }

  Sources(SourceSettings own, AddressSearch senders, SearchPath domains, InstantSource clock) {
    this.own = own;
    this.clock = clock;
    this.pools =
        own.pools().stream()
            .map(SourcePool::parse)
            .collect(Collectors.toMap(SourcePool::name, Function.identity()));
    this.senders = senders;
    this.domains = domains;
  }

  /// With its tables opened.
  static Sources open(SourceSettings own, Locality local, InstantSource clock) {
    Values named = named(SourcePool.names(own.pools()));
    return new Sources(
        own, local.search(own.senders(), named), local.open(own.domains(), named), clock);
  }

  /// What tables may say.
  static Values named(List<String> pools) {
    return value -> {
      if (!pools.contains(value.strip())) {
        throw new IllegalArgumentException(
            "\"%s\" is not a pool of delivery.sources.pools, which has %s"
                .formatted(value, pools.isEmpty() ? "none" : String.join(", ", pools)));
      }
    };
  }

  /// The address to call a server from for a message.
  ///
  /// @param pool of which it must be one; absent for that of the sender, the domain or all mail
  Choice of(Mail mail, Peer peer, Optional<String> pool) {
    return of(mail, peer, pool, List.of());
  }

  private Choice of(Mail mail, Peer peer, Optional<String> pool, List<Source> but) {
    if (pools.isEmpty() || peer.ip().isEmpty()) {
      return new Choice.From(Optional.empty());
    }
    if (pool.isPresent()) {
      return from(pool.get(), peer, but);
    }
    Search named = named(mail);
    return switch (named) {
      case Search.Unavailable(String why) ->
          new Choice.Not(Reason.of("4.3.0", "the pool of addresses to call from: " + why));
      case Search.Absent() -> from(own.usual(), peer, but);
      case Search.Found(String name, _, _) -> from(name.strip(), peer, but);
    };
  }

  /// Another address of the pool, after a server could not be called from some for a cause of ours;
  /// absent if there is none.
  ///
  /// @param lost those, at least one; of the last nothing is known yet
  Optional<Source> instead(
      List<Source> lost, Reason why, Mail mail, Peer peer, Optional<String> pool) {
    failed(lost.getLast(), why.text());
    return of(mail, peer, pool, lost) instanceof Choice.From(Optional<Source> other)
        ? other
        : Optional.empty();
  }

  /// Takes note that a server could not be called from an address, for a cause of ours.
  void failed(Source source, String why) {
    Instant now = clock.instant();
    synchronized (healths) {
      Health health = healths.computeIfAbsent(source.address(), _ -> new Health());
      health.failed.addLast(now);
      while (health.failed.getFirst().isBefore(now.minus(own.within()))) {
        health.failed.removeFirst();
      }
      if (health.failed.size() >= own.failures() && !now.isBefore(health.suspended)) {
        health.suspended = now.plus(own.suspension());
        health.failed.clear();
        LOG.warn(
            "nothing is sent from {} until {}: {}",
            Literals.text(source.address()),
            health.suspended,
            why);
      }
    }
  }

  /// The addresses that are left alone now, and until when.
  Map<InetAddress, Instant> suspended() {
    Instant now = clock.instant();
    synchronized (healths) {
      return healths.entrySet().stream()
          .filter(each -> now.isBefore(each.getValue().suspended))
          .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().suspended));
    }
  }

  private Search named(Mail mail) {
    Search bySender =
        switch (mail.reversePath()) {
          case ReversePath.Null() -> senders.path().find(NOBODY);
          case ReversePath.Mailbox(var address) -> senders.find(address);
        };
    if (!(bySender instanceof Search.Absent)) {
      return bySender;
    }
    var domain = mail.recipients().getFirst().address().domain();
    var keys = new ArrayList<String>();
    keys.add(domain.key());
    domain.parents().forEach(parent -> keys.add("." + parent));
    for (String key : keys) {
      Search found = domains.find(key);
      if (!(found instanceof Search.Absent)) {
        return found;
      }
    }
    return new Search.Absent();
  }

  private Choice from(String name, Peer peer, List<Source> but) {
    SourcePool pool = pools.get(name);
    if (pool == null) {
      return name.isEmpty()
          ? new Choice.From(Optional.empty())
          : new Choice.Not(
              Reason.of("4.3.5", "there is no pool " + name + " in delivery.sources.pools"));
    }
    boolean six = peer.ip().filter(Inet6Address.class::isInstance).isPresent();
    List<SourcePool.Member> family =
        pool.members().stream()
            .filter(member -> member.source().address() instanceof Inet6Address == six)
            .filter(member -> !but.contains(member.source()))
            .toList();
    List<SourcePool.Member> sound;
    synchronized (healths) {
      Instant now = clock.instant();
      sound = family.stream().filter(member -> isSound(member.source(), now)).toList();
    }
    if (sound.isEmpty()) {
      String what = family.isEmpty() ? "has no address of its family" : "is out of order";
      return new Choice.Not(
          Reason.of(
              "4.4.1", "the pool " + name + " " + what + ", to call " + peer + " from there"));
    }
    return new Choice.From(
        Optional.of(sound.get(Draw.of(sound, SourcePool.Member::weight, random)).source()));
  }

  private boolean isSound(Source source, Instant now) {
    Health health = healths.get(source.address());
    return health == null || !now.isBefore(health.suspended);
  }
}
