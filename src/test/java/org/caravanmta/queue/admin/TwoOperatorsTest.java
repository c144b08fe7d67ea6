package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.caravanmta.address.Address;
import org.caravanmta.message.Mail;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.message.Recipient;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.remote.RemoteBroker;
import org.caravanmta.queue.selector.SelectorReader;
import org.caravanmta.queue.spi.Broker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Verbs of two operators at a time, on one node or on two that share a broker.
class TwoOperatorsTest extends AdminAtBroker {
  private static final int MANY = 400;

  private static Mail to(String id, String recipient) {
    return letter(id).with(List.of(Recipient.of(Address.parse(recipient))));
  }

  private void fill(String queue, String domain) throws Exception {
    for (int i = 0; i < MANY; i++) {
      send(queue, to("4" + domain + i, "a@" + domain + ".example"));
    }
    commit();
  }

  private QueueAdmin other(Broker its) {
    return new QueueAdmin(its, Depot.CODECS, () -> QUEUES, new Readers(), released::add);
  }

  private static List<Touched> reroute(QueueAdmin admin, String domain, CyclicBarrier both)
      throws Exception {
    var touched = new ArrayList<Touched>();
    both.await();
    var selector = SelectorReader.read("domain=" + domain + ".example");
    admin.change(new Order(Deed.REROUTE, "smtp:" + domain, selector, false, NOW), touched::add);
    return touched;
  }

  private void expectEachItsWay(QueueAdmin other) throws Exception {
    var both = new CyclicBarrier(2);
    for (int turn = 0; turn < 3; turn++) {
      List<Future<List<Touched>>> results;
      try (ExecutorService operators = Executors.newFixedThreadPool(2)) {
        results =
            List.of(
                operators.submit(() -> reroute(admin, "one", both)),
                operators.submit(() -> reroute(other, "two", both)));
      }
      for (Future<List<Touched>> result : results) {
        assertThat(result.get())
            .hasSize(MANY)
            .extracting(Touched::outcome)
            .containsOnly(Touched.Outcome.DONE);
      }
    }
    assertThat(where()).doesNotContainKey("operator");
    var ways = new ArrayList<String>();
    admin.find(
        SelectorReader.read("all"),
        NOW,
        entry ->
            ways.add(
                entry.recipients().getFirst().address().domain()
                    + " "
                    + entry
                        .glance()
                        .flatMap(seen -> seen.envelope().filter())
                        .flatMap(NamedTransport::instead)
                        .map(Object::toString)
                        .orElse("-")));
    assertThat(ways)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, MANY)
                .boxed()
                .flatMap(_ -> List.of("one.example smtp:one", "two.example smtp:two").stream())
                .toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTwoRerouteAtATimeGoesTheWayOfEach(boolean inside) throws Exception {
    from(inside);
    fill("hold", "one");
    fill("hold", "two");
    expectEachItsWay(admin);
  }

  @Test
  void whatTwoNodesRerouteAtATimeGoesTheWayOfEach() throws Exception {
    from(false);
    fill("hold", "one");
    fill("hold", "two");
    try (var its = new RemoteBroker(broker.url(), "", "", "mx1.")) {
      expectEachItsWay(other(its));
    }
  }

  /// A node that starts gives back what an earlier life of it has left, not what another is at.
  @Test
  void aNodeThatStartsLeavesWhatAnotherIsChanging() throws Exception {
    from(false);
    fill("hold", "one");
    try (var its = new RemoteBroker(broker.url(), "", "", "mx1.");
        ExecutorService operators = Executors.newFixedThreadPool(2)) {
      var both = new CyclicBarrier(2);
      QueueAdmin starting = other(its);
      Future<List<Touched>> rerouted = operators.submit(() -> reroute(admin, "one", both));
      both.await();
      while (!rerouted.isDone()) {
        starting.giveBack();
      }
      assertThat(rerouted.get()).extracting(Touched::outcome).containsOnly(Touched.Outcome.DONE);
    }
    assertThat(where()).containsOnlyKeys("hold");
    var left = new ArrayList<String>();
    admin.find(
        SelectorReader.read("all"),
        NOW,
        entry ->
            entry
                .glance()
                .filter(seen -> seen.envelope().filter().isEmpty())
                .ifPresent(_ -> left.add(entry.id().orElseThrow())));
    assertThat(left).isEmpty();
  }
}
