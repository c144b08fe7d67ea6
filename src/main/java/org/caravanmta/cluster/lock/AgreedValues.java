package org.caravanmta.cluster.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;

/// What the nodes of a cluster have agreed on, or the operator has told all of them: a text for a
/// key, which stays until it is removed. Keys are words such as `drained.n1`.
public final class AgreedValues {
  private final LockTree tree;
  private final Watched watched;

  AgreedValues(LockTree tree, Watched watched) {
    this.tree = tree;
    this.watched = watched;
  }

  /// What it is now.
  public Optional<String> get(String key) throws LocksUnavailable, InterruptedException {
    String path = path(key);
    return tree.patiently(session -> LockTree.read(session, path))
        .map(found -> new String(found.bytes(), UTF_8));
  }

  public void set(String key, String value) throws LocksUnavailable, InterruptedException {
    String path = path(key);
    byte[] bytes = value.getBytes(UTF_8);
    tree.patiently(
        session -> {
          if (!tree.make(session, path, bytes)) {
            session.setData(path, bytes, -1);
          }
          return true;
        });
  }

  public void remove(String key) throws LocksUnavailable, InterruptedException {
    String path = path(key);
    tree.patiently(
        session -> {
          try {
            session.delete(path, -1);
          } catch (KeeperException.NoNodeException e) {
            return false;
          }
          return true;
        });
  }

  /// All of them by their keys, as they were when they were last heard of.
  public Map<String, String> all() {
    return watched.values();
  }

  /// Has a listener told of each change, on a thread that must not wait.
  public void onChange(Runnable listener) {
    watched.onValues(listener);
  }

  private String path(String key) {
    if (!key.matches("[A-Za-z0-9._-]+") || key.matches("[.]+")) {
      throw new IllegalArgumentException("\"" + key + "\" is not a key");
    }
    return tree.path(Branch.VALUES, key);
  }
}
