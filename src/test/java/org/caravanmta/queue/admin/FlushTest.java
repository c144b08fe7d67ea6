package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.admin.QueueAdmin.Result;
import org.caravanmta.queue.admin.QueueAdmin.Target;
import org.caravanmta.queue.selector.SelectorReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is tried now goes by way of the lane with the shortest wait, where it is not met again.
class FlushTest extends AdminAtBroker {
  private void begin(boolean inside) throws Exception {
    from(inside);
    admin =
        new QueueAdmin(
            at,
            Depot.CODECS,
            () -> QUEUES,
            new Readers() {
              @Override
              public Optional<String> first() {
                return Optional.of("deferred.1m");
              }
            },
            released::add);
    put("deferred.1h", letter("4A"));
    put("deferred.1m", letter("4B"));
  }

  private List<Touched> flush() throws Exception {
    var touched = new ArrayList<Touched>();
    admin.change(
        new Order(Deed.FLUSH, "", SelectorReader.read("sender=*"), false, NOW), touched::add);
    return touched;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eachMessageIsNamedOnce(boolean inside) throws Exception {
    begin(inside);
    assertThat(flush())
        .extracting(each -> each.id().orElseThrow(), Touched::queue, Touched::outcome)
        .containsExactlyInAnyOrder(
            tuple("4A", "deferred.1h", Touched.Outcome.DONE),
            tuple("4B", "deferred.1m", Touched.Outcome.DONE));
    assertThat(where()).isEqualTo(Map.of("deferred.1m", "4A", "routing", "4B"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatIsNamedByItsIdIsCountedOnce(boolean inside) throws Exception {
    begin(inside);
    assertThat(admin.flush(Target.parse("4A"))).isEqualTo(new Result(1, 0));
    assertThat(where()).isEqualTo(Map.of("deferred.1m", "4B 4A"));
  }

  /// The reader of the lane has taken it: another flush has nothing to do.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsOnItsWayIsLeftToTheReader(boolean inside) throws Exception {
    begin(inside);
    flush();
    take("deferred.1m");
    assertThat(flush()).isEmpty();
    assertThat(admin.flush(Target.parse("4A"))).isEqualTo(new Result(1, 0));
    assertThat(admin.flush(Target.parse("4Z"))).isEqualTo(new Result(0, 0));
    assertThat(lanes).isEmpty();
  }
}
