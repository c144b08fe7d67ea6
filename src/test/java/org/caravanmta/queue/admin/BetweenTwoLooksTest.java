package org.caravanmta.queue.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.selector.SelectorReader;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Desk;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The reader of a lane takes a message after the look at what is taken, and before that at what
/// waits.
class BetweenTwoLooksTest extends SelectedLetters {
  private static final String LANE = "deferred.1m";

  private boolean taken;

  private void begin(boolean inside) throws Exception {
    from(inside);
    put(LANE, letter("4A"));
    put(LANE, letter("4B"));
    admin = new QueueAdmin(watched(), Depot.CODECS, () -> QUEUES, new Readers(), released::add);
  }

  private Broker watched() {
    return watched(Broker.class, at);
  }

  /// The same, whose first answer to what is taken from the lane is followed by a reader's turn.
  private <T> T watched(Class<T> type, T own) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, given) -> {
              Object answer = call(own, method, given);
              if (method.getName().equals("taken") && given[0].equals(LANE) && !taken) {
                taken = true;
                take(LANE);
              }
              return answer instanceof Desk desk ? watched(Desk.class, desk) : answer;
            }));
  }

  private static Object call(Object own, Method method, Object[] given) throws Throwable {
    try {
      return method.invoke(own, given);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itIsListedOnce(boolean inside) throws Exception {
    begin(inside);
    assertThat(list("", true).lines()).hasSize(2).anyMatch(line -> line.contains("4A"));
    assertThat(taken).isTrue();
    giveBack();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itIsFoundOnce(boolean inside) throws Exception {
    begin(inside);
    var found = new ArrayList<String>();
    admin.find(
        SelectorReader.read("queue=deferred.*"), NOW, entry -> found.add(entry.id().orElseThrow()));
    assertThat(found).containsExactlyInAnyOrder("4A", "4B");
    giveBack();
  }

  @ParameterizedTest
  @CsvSource({"true, FLUSH", "false, FLUSH", "true, HOLD", "false, HOLD", "true, DELETE"})
  void whatIsMeantForItIsDoneToIt(boolean inside, Deed deed) throws Exception {
    begin(inside);
    var touched = new ArrayList<Touched>();
    admin.change(
        new Order(deed, "", SelectorReader.read("queue=deferred.*"), false, NOW), touched::add);
    assertThat(touched)
        .containsExactlyInAnyOrderElementsOf(
            List.of(
                new Touched(LANE, Optional.of("4A"), 1, Touched.Outcome.DONE),
                new Touched(LANE, Optional.of("4B"), 1, Touched.Outcome.DONE)));
    assertThat(lanes).containsExactly("put back", "taken again");
    assertThat(where().keySet())
        .isEqualTo(
            switch (deed) {
              case FLUSH -> Set.of("routing");
              case HOLD -> Set.of("hold");
              default -> Set.of();
            });
  }
}
