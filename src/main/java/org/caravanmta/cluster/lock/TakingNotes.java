package org.caravanmta.cluster.lock;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.ZooKeeper;

/// The notes about nodes whose journals were taken over, which stay when those who have written
/// them are gone.
final class TakingNotes {
  private final LockTree tree;
  private final String us;

  /// @param us the node that takes over
  TakingNotes(LockTree tree, String us) {
    this.tree = tree;
    this.us = us;
  }

  static Optional<Taken> read(LockTree tree, ZooKeeper session, String node)
      throws KeeperException, InterruptedException {
    return LockTree.read(session, tree.path(Branch.TAKEN, node)).map(TakingNotes::taken);
  }

  /// What has to be done to the note about a node for it to be ours; absent when it is not ours to
  /// take: another is at it, or it is done.
  ///
  /// @param again which other notes count for nothing
  Optional<List<Op>> ours(ZooKeeper session, String node, Predicate<Taken> again)
      throws KeeperException, InterruptedException {
    String path = tree.path(Branch.TAKEN, node);
    Optional<LockTree.Found> there = LockTree.read(session, path);
    if (there.isEmpty()) {
      return Optional.of(List.of(tree.lasting(path, note(false))));
    }
    int version = there.get().stat().getVersion();
    Taken taken = taken(there.get());
    if (!taken.complete() && taken.by().equals(us)) {
      return Optional.of(List.of(Op.check(path, version)));
    }
    return again.test(taken)
        ? Optional.of(List.of(Op.delete(path, version), tree.lasting(path, note(false))))
        : Optional.empty();
  }

  /// Says that all of it is done.
  Op completion(String node) {
    return Op.setData(tree.path(Branch.TAKEN, node), note(true), -1);
  }

  private byte[] note(boolean complete) {
    return Fields.NONE.with("by", us).with("complete", complete).bytes();
  }

  private static Taken taken(LockTree.Found found) {
    Fields fields = Fields.read(found.bytes());
    return new Taken(
        fields.text("by"), found.stat().getCzxid(), fields.text("complete").equals("true"));
  }
}
