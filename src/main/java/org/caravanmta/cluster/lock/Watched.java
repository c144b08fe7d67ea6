package org.caravanmta.cluster.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.curator.framework.recipes.cache.ChildData;
import org.apache.curator.framework.recipes.cache.CuratorCache;
import org.apache.curator.framework.recipes.cache.CuratorCacheListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the tree of a cluster was when it was last heard of: the lock service tells of each change.
/// Without a connection nothing is heard.
final class Watched implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

  private final String root;
  private final Versions versions;
  private final CuratorCache cache;
  private final CountDownLatch read = new CountDownLatch(1);
  private final Map<String, Member> members = new ConcurrentSkipListMap<>();
  private final Map<String, String> values = new ConcurrentSkipListMap<>();
  private final List<Runnable> ofMembers = new CopyOnWriteArrayList<>();
  private final List<Runnable> ofValues = new CopyOnWriteArrayList<>();

  Watched(LockTree tree, Versions versions) {
    this.root = tree.root();
    this.versions = versions;
    this.cache = CuratorCache.build(tree.curator(), root);
    cache
        .listenable()
        .addListener(
            CuratorCacheListener.builder()
                .forAll(this::changed)
                .forInitialized(read::countDown)
                .build());
  }

  /// Reads all of it.
  ///
  /// @return whether it was done in time
  boolean start(Duration patience) throws InterruptedException {
    cache.start();
    return read.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    cache.close();
  }

  List<Member> members() {
    return List.copyOf(members.values());
  }

  Map<String, String> values() {
    return Map.copyOf(values);
  }

  void onMembers(Runnable listener) {
    ofMembers.add(listener);
  }

  void onValues(Runnable listener) {
    ofValues.add(listener);
  }

  private void changed(CuratorCacheListener.Type type, ChildData before, ChildData now) {
    ChildData there = type == CuratorCacheListener.Type.NODE_DELETED ? before : now;
    String[] steps = there.getPath().substring(root.length()).split("/");
    if (steps.length != 3) {
      return;
    }
    boolean gone = type == CuratorCacheListener.Type.NODE_DELETED;
    String branch = steps[1];
    String name = steps[2];
    if (branch.equals(Branch.LEASES.word) && !gone) {
      versions.see(name, there.getStat().getMzxid());
    } else if (branch.equals(Branch.MEMBERS.word)) {
      if (gone) {
        members.remove(name);
      } else {
        members.put(name, Member.read(there.getData()));
      }
      tell(ofMembers);
    } else if (branch.equals(Branch.VALUES.word)) {
      if (gone) {
        values.remove(name);
      } else {
        values.put(name, new String(there.getData(), UTF_8));
      }
      tell(ofValues);
    }
  }

  private static void tell(List<Runnable> listeners) {
    for (Runnable each : listeners) {
      try {
        each.run();
      } catch (RuntimeException e) {
        LOG.error("a change in the cluster has not been heard: {}", e.toString(), e);
      }
    }
  }
}
