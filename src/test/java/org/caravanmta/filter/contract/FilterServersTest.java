package org.caravanmta.filter.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.caravanmta.event.Event;
import org.caravanmta.event.Events;
import org.caravanmta.event.FilterEvent;
import org.caravanmta.monitor.Conditions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Which of a filter's servers is asked.
class FilterServersTest {
  @TempDir Path store;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-30T00:00:00Z"));

  /// Every answer takes equally long.
  private final AtomicLong ticks = new AtomicLong();

  private Examined letter;

  @BeforeEach
  void letter() {
    letter = ExaminedLetters.of("Subject: x\r\n", "x\r\n", store);
  }

  /// A server that counts what it is asked, and fails while it is told to.
  private static final class Counted implements MessageFilter {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean fails;

    @Override
    public FilterAnswer examine(Examined message) {
      asked.incrementAndGet();
      return FilterAnswer.of(fails ? new Judgement.NoAnswer("down") : Judgement.PASS);
    }

    int takeAsked() {
      return asked.getAndSet(0);
    }
  }

  private FilterServers servers(Counted... all) {
    var named = new LinkedHashMap<String, MessageFilter>();
    for (Counted each : all) {
      named.put("s" + named.size(), each);
    }
    return new FilterServers(
        "clamd a,b", named, Duration.ofMinutes(1), now::get, ticks::incrementAndGet, new Random(7));
  }

  private void ask(FilterServers servers, int times, Judgement expected) {
    for (int i = 0; i < times; i++) {
      assertThat(servers.examine(letter).judgement()).isEqualTo(expected);
    }
  }

  @Test
  void allHaveSomeToDo() {
    var one = new Counted();
    var other = new Counted();
    ask(servers(one, other), 1000, Judgement.PASS);
    assertThat(one.takeAsked() + other.takeAsked()).isEqualTo(1000);
  }

  @Test
  void theOtherIsAskedWhenOneFails() {
    var one = new Counted();
    var other = new Counted();
    one.fails = true;
    ask(servers(one, other), 100, Judgement.PASS);
    // after the first few it is left alone
    assertThat(one.takeAsked()).isBetween(1, 10);
    assertThat(other.takeAsked()).isEqualTo(100);
  }

  @Test
  void oneThatFailsIsNotAskedEachTime() {
    var one = new Counted();
    one.fails = true;
    FilterServers servers = servers(one);
    ask(servers, 5, new Judgement.NoAnswer("down"));
    assertThat(one.takeAsked()).isEqualTo(5);
    ask(
        servers,
        100,
        new Judgement.NoAnswer(
            "s0: not asked, since it has failed again and again; asked again within 10s"));
    assertThat(one.takeAsked()).isZero();
    // one message tries it again, and it still fails
    now.updateAndGet(at -> at.plusSeconds(11));
    ask(servers, 1, new Judgement.NoAnswer("down"));
    assertThat(servers.examine(letter).judgement()).isInstanceOf(Judgement.NoAnswer.class);
    assertThat(one.takeAsked()).isEqualTo(1);
    one.fails = false;
    now.updateAndGet(at -> at.plusSeconds(11));
    ask(servers, 100, Judgement.PASS);
    assertThat(one.takeAsked()).isEqualTo(100);
  }

  @Test
  void oneThatHasRecoveredGetsLittleAtFirst() {
    var one = new Counted();
    var other = new Counted();
    one.fails = true;
    FilterServers servers = servers(one, other);
    ask(servers, 200, Judgement.PASS);
    one.fails = false;
    now.updateAndGet(at -> at.plusSeconds(11));
    one.takeAsked();
    ask(servers, 400, Judgement.PASS);
    // a quarter of all draws give it alone
    assertThat(one.takeAsked()).isBetween(60, 140);
    now.updateAndGet(at -> at.plusSeconds(60));
    ask(servers, 400, Judgement.PASS);
    assertThat(one.takeAsked()).isGreaterThan(180);
  }

  @Test
  void aFaultOfOursIsNotAnAnswer() {
    MessageFilter broken =
        _ -> {
          throw new IllegalStateException("bug");
        };
    var servers =
        new FilterServers(
            "clamd a",
            Map.of("s", broken),
            Duration.ofMinutes(1),
            now::get,
            ticks::incrementAndGet,
            new Random(7));
    // it is for the step to say so, and it says nothing of the server
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> servers.examine(letter)).hasMessage("bug");
    }
  }

  @Test
  void nobodyElseIsGivenWhatOneMayHaveTaken() {
    var other = new Counted();
    for (var cause :
        List.of(Judgement.NoAnswer.Cause.PERHAPS_TAKEN, Judgement.NoAnswer.Cause.MESSAGE)) {
      var none = new Judgement.NoAnswer("?", cause);
      var named = new LinkedHashMap<String, MessageFilter>();
      named.put("one", _ -> FilterAnswer.of(none));
      named.put("other", other);
      var servers =
          new FilterServers(
              "smtp one,other",
              named,
              Duration.ofMinutes(1),
              now::get,
              ticks::incrementAndGet,
              new Random(7));
      boolean said = false;
      for (int i = 0; i < 4; i++) {
        other.takeAsked();
        if (servers.examine(letter).judgement().equals(none)) {
          said = true;
          assertThat(other.takeAsked()).isZero();
        }
      }
      assertThat(said).isTrue();
    }
  }

  @Test
  void aMessageWithoutAnAnswerIsNoFailureOfTheServer() {
    var unfit = new Judgement.NoAnswer("too large", Judgement.NoAnswer.Cause.MESSAGE);
    var servers =
        new FilterServers(
            "clamd a",
            Map.of("s", _ -> FilterAnswer.of(unfit)),
            Duration.ofMinutes(1),
            now::get,
            ticks::incrementAndGet,
            new Random(7));
    ask(servers, 50, unfit);
  }

  /// One that has just been mended is tried with one message, for which those wait that can.
  @Test
  void whoIsPatientWaitsForATrial() throws Exception {
    var trial = new CountDownLatch(1);
    var asked = new AtomicInteger();
    var fails = new AtomicBoolean(true);
    MessageFilter filter =
        _ -> {
          if (fails.get()) {
            return FilterAnswer.of(new Judgement.NoAnswer("down"));
          }
          if (asked.incrementAndGet() == 1) {
            await(trial);
          }
          return FilterAnswer.of(Judgement.PASS);
        };
    var servers =
        new FilterServers(
            "clamd a",
            Map.of("s", filter),
            Duration.ofMinutes(1),
            now::get,
            ticks::incrementAndGet,
            new Random(7));
    ask(servers, 5, new Judgement.NoAnswer("down"));
    fails.set(false);
    Examined later =
        new Examined(letter.mail(), letter.hostname(), letter.bodies(), letter.bodyWriter(), true);
    assertThat(servers.examine(later).judgement())
        .as("it is left alone")
        .isInstanceOf(Judgement.NoAnswer.class);
    servers.revive();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<FilterAnswer>>();
      answers.add(threads.submit(() -> servers.examine(later)));
      Awaitility.await().until(() -> asked.get() == 1);
      answers.add(threads.submit(() -> servers.examine(later)));
      answers.add(threads.submit(() -> servers.examine(later)));
      assertThat(servers.examine(letter).judgement())
          .as("a client waits")
          .isInstanceOf(Judgement.NoAnswer.class);
      trial.countDown();
      for (Future<FilterAnswer> answer : answers) {
        assertThat(answer.get().judgement()).isEqualTo(Judgement.PASS);
      }
      assertThat(asked).hasValue(3);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Of a filter that is not asked any more nothing is said to be wrong.
  @Test
  void oneThatIsClosedIsForgotten() {
    var one = new Counted();
    one.fails = true;
    FilterServers servers = servers(one);
    ask(servers, 5, new Judgement.NoAnswer("down"));
    assertThat(Conditions.lines()).contains("filter clamd a,b s0: fails again and again: down");
    servers.close();
    assertThat(Conditions.lines()).noneMatch(line -> line.contains("clamd a,b"));
  }

  @Test
  void isSaidOnceWhenItIsGivenUpAndOnceWhenItIsBack() {
    var told = new CopyOnWriteArrayList<Event>();
    try (var _ = Events.listen(event -> told.add(event))) {
      var one = new Counted();
      one.fails = true;
      FilterServers servers = servers(one);
      for (int i = 0; i < 30; i++) {
        servers.examine(letter);
        now.updateAndGet(at -> at.plusSeconds(5));
      }
      assertThat(Conditions.lines()).contains("filter clamd a,b s0: fails again and again: down");
      one.fails = false;
      now.updateAndGet(at -> at.plusSeconds(11));
      ask(servers, 10, Judgement.PASS);
      assertThat(Conditions.lines()).noneMatch(line -> line.contains("clamd a,b"));
    }
    assertThat(told.stream().filter(FilterEvent.class::isInstance))
        .containsExactly(
            new FilterEvent.GivenUp("clamd a,b", "s0", "down"),
            new FilterEvent.Restored("clamd a,b", "s0"));
  }
}
