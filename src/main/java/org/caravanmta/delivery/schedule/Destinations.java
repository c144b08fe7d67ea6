package org.caravanmta.delivery.schedule;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Ascii;
import org.caravanmta.delivery.reply.ReplyRules;
import org.caravanmta.delivery.shaping.Rate;
import org.caravanmta.delivery.shaping.ServerGroup;
import org.caravanmta.delivery.shaping.Shaping;
import org.caravanmta.delivery.shaping.ShapingRule;
import org.caravanmta.message.Gate;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Reason;
import org.caravanmta.share.Shares;
import org.jspecify.annotations.Nullable;

/// The scheduler of one transport's deliveries (RFC 5321 §4.5.4.1; postfix `qmgr(8)`): all next
/// hops share a limited number of tasks in flight, and a slow or dead destination must not hold up
/// the others.
///
/// * A destination has as many tasks at work as its {@link ConcurrencyWindow} is wide; a dead one
///   has none for the time of its suspension, in which its tasks are deferred at once, and then one
///   that tries it for all others.
/// * Before a task is begun, its reader asks for a place here ({@link Gate}): a destination has as
///   many as it can have at work, and some more that wait for their turn, about as many as it takes
///   in a second and never so many that none would be left to others.
public final class Destinations implements Gate {
  /// The number of destinations above which those not in use are forgotten.
  private static final int MANY = 10_000;

  private final Load load;
  private final Limits limits;
  private final Shaping shaping;
  private final UnaryOperator<String> line;
  private final Ways ways = new Ways();
  private final ReplyRules replies;
  private final InstantSource clock;
  private volatile Predicate<Mail> suspended = _ -> false;
  private volatile Shares shares = Shares.WHOLE;
  private volatile String transport = "";
  private final Workplaces work;
  private final ConcurrentMap<String, Traffic> known = new ConcurrentHashMap<>();

  /// The tasks that have entered, and those of them that wait for their turn.
  private final AtomicInteger inside = new AtomicInteger();

  private final AtomicInteger parked = new AtomicInteger();

  /// With the same limits for all, whatever their servers reply.
  public Destinations(Limits limits, Load load, InstantSource clock) {
    this(limits, load, Shaping.usual(), ReplyRules.NONE, clock);
  }

  /// For destinations that are names of hosts or domains.
  ///
  /// @param limits of destinations, as far as no rule says otherwise
  /// @param replies rules for what servers reply
  public Destinations(
      Limits limits, Load load, Shaping shaping, ReplyRules replies, InstantSource clock) {
    this(limits, load, shaping, replies, Destinations::nameOf, clock);
  }

  /// The name of a destination that is a host or domain.
  public static String nameOf(String nextHop) {
    return Ascii.lower(nextHop);
  }

  /// For destinations of another kind, with the same limits for all.
  ///
  /// @param line the name of a destination, which different next hops may have in common
  public Destinations(Limits limits, Load load, UnaryOperator<String> line, InstantSource clock) {
    this(limits, load, Shaping.usual(), ReplyRules.NONE, line, clock);
  }

  private Destinations(
      Limits limits,
      Load load,
      Shaping shaping,
      ReplyRules replies,
      UnaryOperator<String> line,
      InstantSource clock) {
    this.line = line;
    this.limits = limits;
    this.load = load;
    this.shaping = shaping;
    this.replies = replies;
    this.clock = clock;
    this.work = new Workplaces(load.total(), limits.transportRateDelay(), load.longest());
  }

  /// Waits for a turn at a destination, unless it is suspended.
  public Admission await(String nextHop) {
    Traffic traffic = joined(nextHop);
    Admission admission = new Admission.Crowded(Reason.of("4.4.5", "interrupted while it waited"));
    try {
      admission = traffic.await();
      return admission;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return admission;
    } finally {
      if (!(admission instanceof Admission.Turn)) {
        left(traffic);
      }
    }
  }

  /// The same, of which some mail may not be tried, though it is its turn.
  ///
  /// @param held whether the operator has suspended where a message goes
  public Destinations unless(Predicate<Mail> held) {
    suspended = held;
    return this;
  }

  /// The same, whose limits the nodes of a cluster have in common, but for next hops that are on
  /// each node's own machine.
  ///
  /// @param named a name for these, different from those of others
  public Destinations sharing(Shares all, String named) {
    shares = all;
    transport = named;
    work.share(all, named);
    return this;
  }

  private Traffic traffic(String name) {
    Limits its = limits(name);
    Optional<Rate> rate = rate(name);
    return new Traffic(name, its, rate, work, replies, clock, this::left)
        .sharing(
            Loopback.is(name) ? Shares.WHOLE : shares,
            transport + "/" + name,
            its,
            rate.isPresent());
  }

  /// Whether mail may not be tried after all: the operator has suspended where it goes while it
  /// waited for its turn.
  public boolean isSuspended(Mail mail) {
    return suspended.test(mail);
  }

  /// The most messages that a connection to a server carries.
  ///
  /// @param host the name of the server
  public int messagesPerConnection(String nextHop, String host) {
    return shaping.messagesPerConnection(nextHop, host);
  }

  /// The group that a server is in, if it is in one.
  ///
  /// @param host the name of the server
  public Optional<ServerGroup> group(String host) {
    return shaping.group(host);
  }

  /// Notes which servers a destination has, for those of its tasks that come next.
  ///
  /// @param groups of all its servers of the best preference
  public void note(String nextHop, List<Optional<ServerGroup>> groups) {
    if (shaping.hasGroups()) {
      boolean free = groups.stream().anyMatch(Optional::isEmpty);
      ways.note(
          key(nextHop),
          free ? List.of() : groups.stream().flatMap(Optional::stream).distinct().toList());
    }
  }

  /// Whether tasks for a destination wait in their queue when its servers have all they may have.
  public boolean isNoted(String nextHop) {
    return !ways(key(nextHop)).isEmpty();
  }

  private List<ServerGroup> ways(String name) {
    return shaping.hasGroups() ? ways.of(name) : List.of();
  }

  @Override
  public Optional<Place> enter(String nextHop) {
    Traffic traffic = joined(nextHop);
    List<ServerGroup> groups = ways(traffic.name());
    // a task for a dead destination has its answer at once, without a server
    boolean booking = !groups.isEmpty() && !traffic.isSuspended();
    Optional<Place> place = booking ? booked(traffic, groups) : placed(traffic);
    if (place.isEmpty()) {
      left(traffic);
    }
    return place;
  }

  private Optional<Place> placed(Traffic traffic) {
    if (work(traffic)) {
      return Optional.of(() -> leave(traffic));
    }
    if (park(traffic)) {
      return Optional.of(
          () -> {
            traffic.park(-1);
            parked.decrementAndGet();
            left(traffic);
          });
    }
    return Optional.empty();
  }

  /// A place for a task whose servers are in groups: with a booking, and none to wait for a turn,
  /// since others could use what it has booked.
  private Optional<Place> booked(Traffic traffic, List<ServerGroup> groups) {
    if (!traffic.bookings().book(groups)) {
      return Optional.empty();
    }
    if (!work(traffic)) {
      traffic.bookings().left();
      return Optional.empty();
    }
    return Optional.of(
        () -> {
          traffic.bookings().left();
          leave(traffic);
        });
  }

  private void leave(Traffic traffic) {
    traffic.give();
    inside.decrementAndGet();
    left(traffic);
  }

  private boolean work(Traffic traffic) {
    if (!traffic.take()) {
      return false;
    }
    if (inside.incrementAndGet() <= load.total()) {
      return true;
    }
    inside.decrementAndGet();
    traffic.give();
    return false;
  }

  /// Takes a place to wait for a turn, if enough are left for others.
  private boolean park(Traffic traffic) {
    synchronized (parked) {
      int free = load.room() - parked.get();
      if (traffic.parked() >= Math.min(free, traffic.store())) {
        return false;
      }
      parked.incrementAndGet();
      traffic.park(1);
      return true;
    }
  }

  @Override
  public String line(String nextHop) {
    String name = key(nextHop);
    List<ServerGroup> groups = ways(name);
    // what waits for the same servers waits in one line, and leaves the others to other mail; but
    // who has limits of its own must not keep those who share its servers waiting
    return groups.isEmpty() || shaping.destination(name).isPresent()
        ? name
        : groups.getFirst().rule().key();
  }

  /// How many tasks wait for their turn at a destination now.
  int waiting(String nextHop) {
    return of(nextHop, Traffic::waiting).orElse(0);
  }

  /// How many tasks a destination may have at work now.
  int window(String nextHop) {
    return of(nextHop, Traffic::allowed)
        .orElseGet(() -> Math.min(limits.window().initialConcurrency(), limits(nextHop).most()));
  }

  private Limits limits(String nextHop) {
    return shaping.destination(nextHop).map(ShapingRule::given).map(limits::with).orElse(limits);
  }

  private Optional<Rate> rate(String nextHop) {
    return shaping.destination(nextHop).flatMap(rule -> rule.given().rate());
  }

  /// How each destination stands that is in use, or of which something is remembered.
  ///
  /// @param transport the name of this one
  public List<DestinationState> states(String transport) {
    List<Restraint> general = work.restraints(transport);
    return known.values().stream()
        .map(traffic -> traffic.state(transport, restraints(traffic.name(), general)))
        .toList();
  }

  private List<Restraint> restraints(String name, List<Restraint> general) {
    List<ServerGroup> groups = ways(name);
    if (groups.isEmpty() || groups.stream().anyMatch(ServerGroup::hasRoom)) {
      return general;
    }
    var all = new ArrayList<>(general);
    groups.forEach(group -> all.add(new Restraint.Servers(group.trouble())));
    return all;
  }

  /// What destinations are held to now by rules for what servers reply.
  public List<BrakeState> brakes() {
    return known.values().stream().flatMap(traffic -> traffic.brakes().stream()).toList();
  }

  /// Ends all suspensions, because the operator wants mail to be tried now (postfix `qmgr(8)`,
  /// flush).
  public void revive() {
    known.values().forEach(Traffic::revive);
  }

  /// Ends the suspension of one destination, which has said by ETRN that it is back (RFC 1985).
  public void revive(String name) {
    Traffic traffic = known.get(key(name));
    if (traffic != null) {
      traffic.revive();
    }
  }

  /// Begins anew with destinations that the operator has had resumed, as with those that nothing is
  /// known of.
  ///
  /// @param which those, by their next hops
  public void restart(Predicate<String> which) {
    known.values().stream().filter(traffic -> which.test(traffic.name())).forEach(Traffic::restart);
  }

  /// Turns away what waits for its turn at destinations that the operator has suspended.
  ///
  /// @param which those, by their next hops
  public void turnAway(Predicate<String> which) {
    known.values().stream()
        .filter(traffic -> which.test(traffic.name()))
        .forEach(Traffic::turnAway);
  }

  private <T> Optional<T> of(String nextHop, Function<Traffic, T> what) {
    return Optional.ofNullable(known.get(key(nextHop))).map(what);
  }

  private String key(String nextHop) {
    return line.apply(nextHop);
  }

  private Traffic joined(String nextHop) {
    if (known.size() > MANY) {
      known
          .keySet()
          .forEach(name -> known.computeIfPresent(name, (_, it) -> it.idle() ? forgotten(it) : it));
    }
    return known.compute(key(nextHop), (name, old) -> (old == null ? traffic(name) : old).joined());
  }

  private static @Nullable Traffic forgotten(Traffic traffic) {
    traffic.end();
    return null;
  }

  /// Notes that a task is over, and forgets the destination if there is nothing to remember.
  private void left(Traffic traffic) {
    if (traffic.left()) {
      known.computeIfPresent(traffic.name(), (_, it) -> it.forgettable() ? forgotten(it) : it);
    }
  }
}
