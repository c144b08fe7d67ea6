package org.caravanmta.queue.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.embedded.EmbeddedBroker;
import org.caravanmta.queue.spi.Broker.Turn;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The one turn of the nodes that share a broker.
class SharedTurnTest {
  private static final int NODES = 3;
  private static final int TURNS = 100;

  private EmbeddedBroker broker;

  @BeforeEach
  void open(@TempDir Path own) throws Exception {
    broker = EmbeddedBroker.start(own, Depot.SETTINGS);
  }

  @AfterEach
  void close() {
    broker.close();
  }

  private RemoteBroker node() {
    return new RemoteBroker(broker.url(), "", "");
  }

  @Test
  void isOneNodesAtATimeHoweverOftenItChangesHands() throws Exception {
    var inside = new AtomicInteger();
    var most = new AtomicInteger();
    Callable<Integer> node =
        () -> {
          int had = 0;
          try (var its = node()) {
            for (; had < TURNS; had++) {
              try (Turn _ = its.turn()) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                // as long as a verb that finds nothing takes
                its.desk().close();
                inside.decrementAndGet();
              }
            }
          }
          return had;
        };
    var nodes = new ArrayList<Future<Integer>>();
    try (var threads = Executors.newFixedThreadPool(NODES)) {
      for (int i = 0; i < NODES; i++) {
        nodes.add(threads.submit(node));
      }
      for (Future<Integer> each : nodes) {
        assertThat(each.get(1, TimeUnit.MINUTES)).isEqualTo(TURNS);
      }
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void isGivenUpByANodeWhoseConnectionsEnd() throws Exception {
    try (var second = node();
        var threads = Executors.newSingleThreadExecutor()) {
      var first = node();
      Turn held = first.turn();
      Future<Turn> waits = threads.submit(second::turn);
      assertThat(waits.isDone()).isFalse();
      first.close();
      waits.get(1, TimeUnit.MINUTES).close();
      held.close();
    }
  }
}
