package org.caravanmta.cluster.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LocksUnavailable;
import org.caravanmta.cluster.lock.Member;
import org.caravanmta.cluster.lock.Taken;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.VerbName;

/// What `caravan node` asks of a running server.
public final class NodeVerbs {
  private static final String GONE = "gone";
  private static final String DRAINED = "drained";
  private static final String NO_LOCK = "no-lock";
  private static final String UNKNOWN = "unknown";

  private final LockService locks;
  private final String own;

  private NodeVerbs(LockService locks, String own) {
    this.locks = locks;
    this.own = own;
  }

  /// @param own the name of this node
  public static Map<String, ControlVerb> of(LockService locks, String own) {
    var verbs = new NodeVerbs(locks, own);
    var all = new HashMap<String, ControlVerb>();
    all.put(
        VerbName.NODE_LIST,
        (_, rows) -> {
          for (NodeRow row : verbs.rows()) {
            rows.add(row.fields());
          }
          if (locks.isStale()) {
            throw new ControlProblem(
                own
                    + " has no lock, and does not know what the others do: ask one of them, and"
                    + " see to the lock service");
          }
        });
    all.put(
        VerbName.NODE_DRAIN,
        (args, rows) -> rows.add(List.of(verbs.want(args, Optional.of(args.get(1))))));
    all.put(
        VerbName.NODE_RESUME,
        (args, rows) -> rows.add(List.of(verbs.want(args, Optional.empty()))));
    all.put(VerbName.NODE_FORGET, (args, rows) -> rows.add(List.of(verbs.forget(args.getFirst()))));
    return all;
  }

  /// @return the node
  private String forget(String node) throws ControlProblem, InterruptedException {
    String journal = journal(node);
    if (locks.members().stream().map(Member::name).anyMatch(node::equals)) {
      throw new IllegalArgumentException(node + " takes part: what is there is not forgotten");
    }
    if (Drains.isWanted(locks, node)) {
      throw new IllegalArgumentException(
          node + " is drained, and may be waiting: resume it first, if it is gone for good");
    }
    try {
      if (place(node, journal).isPresent()) {
        throw new ControlProblem(node + ": its mail is not taken over yet; say it again later");
      }
      locks.values().remove(Keys.journal(node));
      locks.values().remove(Keys.drained(node));
      return node;
    } catch (LocksUnavailable e) {
      throw new ControlProblem(String.valueOf(e.getMessage()));
    }
  }

  /// @throws IllegalArgumentException names those that are known, if this one is not
  private String journal(String node) {
    SortedMap<String, String> known = known();
    String journal = known.get(node);
    if (journal == null) {
      throw new IllegalArgumentException(
          node + ": no such node; known are " + String.join(", ", known.keySet()));
    }
    return journal;
  }

  /// @return the node
  private String want(List<String> args, Optional<String> who)
      throws ControlProblem, InterruptedException {
    String node = args.getFirst().isEmpty() ? own : args.getFirst();
    journal(node);
    try {
      Drains.want(locks, node, who);
      return node;
    } catch (LocksUnavailable e) {
      throw new ControlProblem(String.valueOf(e.getMessage()));
    }
  }

  private SortedMap<String, String> known() {
    return Keys.journals(locks.values().all());
  }

  private List<NodeRow> rows() throws ControlProblem, InterruptedException {
    var living = new HashMap<String, Member>();
    locks.members().forEach(one -> living.put(one.name(), one));
    var rows = new TreeMap<String, NodeRow>();
    try {
      for (var node : known().entrySet()) {
        rows.put(
            node.getKey(),
            locks.isStale()
                ? unknown(node.getKey(), Optional.ofNullable(living.get(node.getKey())))
                : row(node.getKey(), node.getValue(), living));
      }
    } catch (LocksUnavailable e) {
      throw new ControlProblem(String.valueOf(e.getMessage()));
    }
    return List.copyOf(rows.values());
  }

  /// Where the copies of a node's mail are.
  private Optional<Place> place(String name, String journal) {
    return Optional.ofNullable(locks.values().all().get(Place.key(name, journal)))
        .flatMap(Place::read);
  }

  /// What can be said of a node while the lock service does not answer.
  private NodeRow unknown(String name, Optional<Member> member) {
    return new NodeRow(
        name,
        name.equals(own) ? NO_LOCK : UNKNOWN,
        member.map(Member::address),
        Optional.empty(),
        false,
        Optional.empty(),
        member.map(Member::started),
        member.map(Member::settings).orElse(""),
        member.map(Member::version).orElse(""));
  }

  /// Who has the mail of a node that is away: where that one is away as well, who has taken over
  /// its own.
  private Optional<String> taker(String name, Set<String> living)
      throws LocksUnavailable, InterruptedException {
    var seen = new HashSet<String>();
    Optional<String> taker = locks.taken(name).map(Taken::by);
    while (taker.isPresent() && !living.contains(taker.get()) && seen.add(taker.get())) {
      Optional<String> next = locks.taken(taker.get()).map(Taken::by);
      taker = next.isPresent() ? next : taker;
    }
    return taker;
  }

  private NodeRow row(String name, String journal, Map<String, Member> living)
      throws LocksUnavailable, InterruptedException {
    Optional<Member> member = Optional.ofNullable(living.get(name));
    Optional<Place> place =
        place(name, journal).filter(there -> living.containsKey(there.keeper()));
    String away = Drains.isWanted(locks, name) ? DRAINED : GONE;
    return new NodeRow(
        name,
        member.map(Member::state).orElse(away),
        member.map(Member::address),
        place.map(Place::keeper),
        place.map(Place::complete).orElse(false),
        member.isPresent() ? Optional.empty() : taker(name, living.keySet()),
        member.map(Member::started),
        member.map(Member::settings).orElse(""),
        member.map(Member::version).orElse(""));
  }
}
