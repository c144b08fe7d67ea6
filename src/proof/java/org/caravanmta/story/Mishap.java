package org.caravanmta.story;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/// What happens to a cluster under load, and how it is mended.
enum Mishap {
  /// kill -9 of a node, which is started again 9 s later.
  KILL {
    @Override
    void happen(Scene scene) throws Exception {
      scene.machines.kill(scene.victim);
      scene.happened();
      scene.wait(9);
      scene.machines.start(scene.victim);
    }
  },

  /// kill -9 of a node, which comes back when another has its mail, and does not reach one of the
  /// others for longer than it waits for that before it opens its listeners.
  BACK {
    @Override
    void happen(Scene scene) throws Exception {
      String link = scene.victim + ":" + scene.others().getFirst();
      scene.machines.kill(scene.victim);
      scene.happened();
      scene.wait(9);
      scene.machines.cut(link);
      scene.machines.launch(scene.victim);
      scene.wait(15);
      scene.machines.mend(link);
      scene.machines.awaitReady(List.of(scene.victim));
    }
  },

  /// A node is cut off from all others, from the clients and from the next hop.
  CUT {
    @Override
    void happen(Scene scene) throws Exception {
      scene.machines.cut(scene.victim);
      scene.happened();
      scene.wait(10);
      scene.machines.mend(scene.victim);
    }
  },

  /// SIGSTOP, as a machine that hangs.
  PAUSE {
    @Override
    void happen(Scene scene) throws Exception {
      scene.machines.pause(scene.victim);
      scene.happened();
      scene.wait(10);
      scene.machines.resume(scene.victim);
    }
  },

  /// Two nodes do not reach each other, but all others.
  LINK {
    @Override
    void happen(Scene scene) throws Exception {
      String link = scene.victim + ":" + scene.others().getFirst();
      scene.machines.cut(link);
      scene.happened();
      scene.wait(10);
      scene.machines.mend(link);
    }
  },

  /// One side does not reach the other; clients and the next hop reach both. It provokes a split
  /// brain: what the smaller side has in its queues it could deliver, and must not.
  SIDE {
    @Override
    void happen(Scene scene) throws Exception {
      for (String other : scene.others()) {
        scene.machines.cut(scene.victim + ":" + other);
      }
      scene.happened();
      scene.fenced(List.of(scene.victim));
      scene.wait(10);
      scene.unfenced();
      for (String other : scene.others()) {
        scene.machines.mend(scene.victim + ":" + other);
      }
    }
  },

  /// kill -9 of one peer of the lock service.
  PEER {
    @Override
    void happen(Scene scene) throws Exception {
      scene.machines.kill(scene.peer());
      scene.happened();
      scene.wait(9);
      scene.machines.start(scene.peer());
    }
  },

  /// kill -9 of two peers: no node may begin a delivery until one is back.
  PEERS {
    @Override
    void happen(Scene scene) throws Exception {
      List<String> two = Machines.PEERS.stream().filter(one -> !one.equals(scene.peer())).toList();
      scene.machines.kill(two.toArray(String[]::new));
      scene.happened();
      scene.fenced(Machines.NODES);
      scene.wait(9);
      scene.unfenced();
      scene.machines.start(two.toArray(String[]::new));
    }
  },

  /// A node and its peer of the lock service at once, as a machine that loses its power.
  MACHINE {
    @Override
    void happen(Scene scene) throws Exception {
      scene.machines.kill(scene.victim, scene.peer());
      scene.happened();
      scene.wait(9);
      scene.machines.start(scene.peer(), scene.victim);
    }
  },

  /// All of it loses its power at once.
  POWER {
    @Override
    void happen(Scene scene) throws Exception {
      var all = new ArrayList<>(Machines.NODES);
      all.addAll(Machines.PEERS);
      scene.machines.kill(all.toArray(String[]::new));
      scene.happened();
      scene.machines.start(all.reversed().toArray(String[]::new));
    }
  },

  /// Each node in turn is stopped in good order and started again.
  ROLL {
    @Override
    void happen(Scene scene) throws Exception {
      scene.happened();
      for (String node : Machines.NODES) {
        int status = scene.machines.stop(node);
        if (status != 0) {
          throw new IllegalStateException(node + " has ended with status " + status);
        }
        scene.machines.start(node);
        scene.wait(3);
      }
    }
  },

  /// The same, from the version that the environment variable `CARAVAN_BEFORE` names, the program
  /// `caravan` of an installation, to this one.
  UPGRADE {
    @Override
    void prepare(Scene scene) throws Exception {
      String before = System.getenv("CARAVAN_BEFORE");
      if (before == null) {
        scene.note("CARAVAN_BEFORE names no earlier version: it is this one");
        return;
      }
      scene.machines.use(before);
      // an earlier version does not go on with what this one has written
      for (List<String> each : List.of(Machines.NODES, Machines.PEERS)) {
        for (String one : each) {
          scene.machines.stop(one);
          scene.machines.wipe(one);
        }
      }
      scene.machines.start(Machines.PEERS.toArray(String[]::new));
      scene.machines.start(Machines.NODES.toArray(String[]::new));
      scene.machines.use("");
    }

    @Override
    void happen(Scene scene) throws Exception {
      ROLL.happen(scene);
    }
  },

  /// kill -9 of a node, whose disk is lost, and which is started empty once its mail was taken
  /// over.
  WIPE {
    @Override
    void happen(Scene scene) throws Exception {
      scene.machines.kill(scene.victim);
      scene.happened();
      scene.machines.wipe(scene.victim);
      scene.wait(9);
      scene.machines.start(scene.victim);
    }
  },

  /// The same, and it is started at once, before anybody has seen that it was gone.
  WIPE_AT_ONCE {
    @Override
    void happen(Scene scene) throws Exception {
      scene.machines.kill(scene.victim);
      scene.happened();
      scene.machines.wipe(scene.victim);
      scene.machines.start(scene.victim);
      scene.wait(10);
    }
  },

  /// The keeper of a node's mail ends, whose line is slow, and as soon as another has copies of all
  /// of it, the node ends, too, and loses its disk.
  KEEPER {
    @Override
    void happen(Scene scene) throws Exception {
      String keeper = scene.machines.keeper(scene.victim);
      scene.machines.slow(scene.victim);
      long before = scene.machines.timesCopied(scene.victim);
      scene.machines.kill(keeper);
      scene.await(() -> scene.machines.timesCopied(scene.victim) > before);
      scene.machines.kill(scene.victim);
      scene.happened();
      scene.machines.wipe(scene.victim);
      scene.machines.fast(scene.victim);
      scene.wait(9);
      scene.machines.start(keeper, scene.victim);
    }
  },

  /// The keeper of a node's mail is another one than it should be, because that one came later, and
  /// is exchanged for it while all is well and there is load. As soon as that one has copies of all
  /// of it, the node ends, and loses its disk.
  MOVE {
    private long before;

    @Override
    void prepare(Scene scene) throws Exception {
      String next = scene.others().getFirst();
      scene.machines.stop(next);
      scene.machines.stop(scene.victim);
      scene.machines.start(scene.victim);
      scene.await(() -> Machines.isCopied(scene.victim));
      before = scene.machines.timesCopied(scene.victim);
      scene.machines.start(next);
    }

    @Override
    void happen(Scene scene) throws Exception {
      scene.await(() -> scene.machines.timesCopied(scene.victim) > before);
      String keeper = scene.machines.keeper(scene.victim);
      if (!keeper.equals(scene.others().getFirst())) {
        throw new IllegalStateException("the copies of " + scene.victim + " are at " + keeper);
      }
      scene.machines.kill(scene.victim);
      scene.happened();
      scene.machines.wipe(scene.victim);
      scene.wait(9);
      scene.machines.start(scene.victim);
    }
  },

  /// A disk is full for a while.
  FULL {
    private @Nullable SmallDisk disk;

    @Override
    void prepare(Scene scene) throws Exception {
      Path data = scene.machines.directory(scene.victim).resolve("data");
      scene.machines.stop(scene.victim);
      scene.machines.wipe(scene.victim);
      java.nio.file.Files.delete(data);
      disk = SmallDisk.mount(data).orElseThrow(() -> new IOException("no small disk"));
      scene.machines.start(scene.victim);
    }

    @Override
    void happen(Scene scene) throws Exception {
      Path filler = disk.fill(1);
      scene.happened();
      scene.wait(10);
      java.nio.file.Files.delete(filler);
      if (!scene.machines.alive(scene.victim)) {
        scene.note(scene.victim + " has ended on its full disk");
        scene.machines.start(scene.victim);
      }
    }

    @Override
    void restore(Scene scene) throws Exception {
      scene.machines.stop(scene.victim);
      disk.close();
      scene.machines.start(scene.victim);
    }
  };

  /// What is done before there is load.
  void prepare(Scene scene) throws Exception {}

  abstract void happen(Scene scene) throws Exception;

  /// What is done when the account is made.
  void restore(Scene scene) throws Exception {}

  /// Its name on the command line.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// Where it happens, and when it did.
  static final class Scene {
    final Machines machines;

    /// The node that it happens to, another one in each round.
    final String victim;

    /// Notes for the account.
    final List<String> notes = new ArrayList<>();

    private long happened;
    private List<String> fenced = List.of();
    private long fencedUntil;

    Scene(Machines machines, int round) {
      this.machines = machines;
      this.victim = Machines.NODES.get(round % Machines.NODES.size());
    }

    /// The peer of the lock service on the same machine.
    String peer() {
      return "l" + victim.substring(1);
    }

    List<String> others() {
      int at = Machines.NODES.indexOf(victim);
      return List.of(Machines.NODES.get((at + 1) % 3), Machines.NODES.get((at + 2) % 3));
    }

    /// It has happened now.
    void happened() {
      happened = System.nanoTime();
    }

    long when() {
      return happened;
    }

    /// These may begin nothing, when the time of a session is over, until {@link #unfenced}.
    void fenced(List<String> nodes) {
      fenced = nodes;
    }

    void unfenced() {
      fencedUntil = System.nanoTime();
    }

    /// Whether something was begun by one that may not begin anything.
    boolean forbidden(NextHop.Arrival arrival, Duration session) {
      return fenced.contains(Machines.node(arrival.from()))
          && arrival.begun() > happened + session.toNanos()
          && arrival.begun() < fencedUntil;
    }

    void note(String text) {
      notes.add(text);
    }

    /// Looks very often: what is to happen happens just then.
    void await(Callable<Boolean> condition) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(20))
          .until(condition);
    }

    void wait(int seconds) throws InterruptedException {
      Thread.sleep(Duration.ofSeconds(seconds));
    }
  }
}
