package org.caravanmta.cluster.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Three peers of the lock service: one may be missing, two may not.
@Execution(ExecutionMode.CONCURRENT)
class MajorityTest {
  private static final Duration SESSION = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;

  @Test
  void withoutOnePeerAllGoesOnAndWithoutTwoNobodyHoldsAnything() throws Exception {
    var told = new CopyOnWriteArrayList<String>();
    try (var peers = new Peers(3, directory.resolve("peers"));
        var n1 = connect(peers);
        var n2 = connect(peers)) {
      join(n1, "n1", told);
      join(n2, "n2", new CopyOnWriteArrayList<>());

      for (int i = 0; i < 3; i++) {
        peers.kill(i);
        n1.values().set("round", String.valueOf(i));
        await().atMost(PATIENCE).until(() -> n1.holds() && n2.holds());
        assertThat(n2.values().get("round")).contains(String.valueOf(i));
        peers.start(i);
        await().atMost(PATIENCE).until(() -> n1.holds() && n2.holds());
      }

      peers.kill(0);
      peers.kill(1);
      await().atMost(SESSION).until(() -> !n1.holds() && !n2.holds());
      await().atMost(PATIENCE).until(() -> told.contains("lost"));

      peers.start(0);
      await().atMost(PATIENCE).until(() -> n1.holds() && n2.holds());
      assertThat(told.getLast()).isEqualTo("regained");
    }
  }

  @Test
  void whatThreePeersKnowFiveKnow() throws Exception {
    try (var peers = new Peers(3, directory.resolve("peers"))) {
      try (var n1 = connect(peers)) {
        n1.values().set("round", "of three");
      }
      peers.growTo(5);
      // the new ones alone would know nothing
      peers.kill(0);
      peers.kill(1);
      try (var n1 = connect(peers);
          var n2 = connect(peers)) {
        assertThat(n1.values().get("round")).contains("of three");
        n1.values().set("round", "of five");
        assertThat(n2.values().get("round")).contains("of five");
      }
    }
  }

  private static LockService connect(Peers peers) throws Exception {
    return LockService.connect(
        new LockTerms(peers.addresses, "caravan", Peers.SECRET, SESSION), PATIENCE);
  }

  private void join(LockService service, String name, List<String> told) throws Exception {
    Mark here = Mark.of(Files.createDirectories(directory.resolve(name)));
    service.join(
        name,
        name + ":2530",
        here,
        new JournalListener() {
          @Override
          public void lost() {
            told.add("lost");
          }

          @Override
          public void regained(Optional<Taken> taken) {
            told.add("regained");
          }
        });
  }
}
