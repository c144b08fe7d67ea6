package org.caravanmta.cluster.node;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.cluster.lock.LockService;
import org.caravanmta.cluster.lock.LocksUnavailable;
import org.caravanmta.cluster.lock.Member;
import org.caravanmta.cluster.lock.Taken;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.Rows;

/// The other nodes, as the operator's verbs reach them.
public final class OtherNodes {
  /// A verb may go through all messages.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final String own;
  private final LockService locks;
  private final Neighbours neighbours;

  OtherNodes(String own, LockService locks, Neighbours neighbours) {
    this.own = own;
    this.locks = locks;
    this.neighbours = neighbours;
  }

  /// Does a verb at another node.
  public interface Asking {
    /// @throws ControlProblem what the node says of that
    /// @throws IllegalArgumentException likewise
    /// @throws IOException if it does not answer
    void ask(String verb, List<String> args, Rows rows) throws IOException, ControlProblem;
  }

  /// The name of this node.
  public String own() {
    return own;
  }

  /// Those that live, by name, in the order of their names.
  public Map<String, Asking> living() {
    var all = new TreeMap<String, Asking>();
    for (Member member : neighbours.others()) {
      all.put(member.name(), (verb, args, rows) -> ask(member, verb, args, rows));
    }
    return all;
  }

  private void ask(Member member, String verb, List<String> args, Rows rows)
      throws IOException, ControlProblem {
    try (NodeLink link = neighbours.open(member, VerbPost.VERBS)) {
      link.setPatience(PATIENCE);
      VerbPost.ask(link, verb, args, rows);
    }
  }

  /// Those that do not live, and whose mail nobody has.
  public List<String> missing() {
    var living = locks.members().stream().map(Member::name).toList();
    return Keys.journals(locks.values().all()).keySet().stream()
        .filter(name -> !name.equals(own) && !living.contains(name) && !isTaken(name))
        .toList();
  }

  private boolean isTaken(String name) {
    if (locks.isStale()) {
      return false;
    }
    try {
      Optional<Taken> taken = locks.taken(name);
      return taken.filter(Taken::complete).isPresent();
    } catch (LocksUnavailable e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
