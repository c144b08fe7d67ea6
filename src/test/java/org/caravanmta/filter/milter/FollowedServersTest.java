package org.caravanmta.filter.milter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.Ports;
import org.caravanmta.address.Address;
import org.caravanmta.address.Domain;
import org.caravanmta.address.ReversePath;
import org.caravanmta.event.Event;
import org.caravanmta.event.Events;
import org.caravanmta.event.FilterEvent;
import org.caravanmta.filter.contract.DialogueFilter;
import org.caravanmta.filter.contract.Examined;
import org.caravanmta.filter.contract.ExaminedLetters;
import org.caravanmta.filter.contract.FilterAddress;
import org.caravanmta.filter.contract.FilterPatience;
import org.caravanmta.filter.contract.FollowedServers;
import org.caravanmta.filter.contract.Follower;
import org.caravanmta.filter.contract.Judgement;
import org.caravanmta.policy.DialogueEvent;
import org.caravanmta.smtp.Grammar;
import org.caravanmta.smtp.client.Letters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several milters that do the same: one follows a session from its beginning, and another takes
/// over when it fails.
class FollowedServersTest {
  private static final FilterPatience PATIENCE =
      new FilterPatience(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));
  private static final DialogueEvent.Sender SENDER =
      new DialogueEvent.Sender(ReversePath.parse("joe@far.example"), "joe@far.example", List.of());
  private static final DialogueEvent.Recipient TO =
      new DialogueEvent.Recipient(
          Address.parse("b@example.com"), "b@example.com", List.of(), Optional.empty());

  @TempDir Path store;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-30T00:00:00Z"));
  private ScriptedMilter one;
  private ScriptedMilter other;

  @BeforeEach
  void open() throws Exception {
    one = new ScriptedMilter();
    other = new ScriptedMilter();
  }

  @AfterEach
  void close() throws Exception {
    one.close();
    other.close();
  }

  private FollowedServers servers(FilterAddress... addresses) {
    var named = new LinkedHashMap<String, DialogueFilter>();
    var house =
        new MilterHouse(
            "mx.example.com",
            "Caravan",
            "mx.example.com",
            Map.of(),
            _ -> Optional.empty(),
            Grammar.of(new Domain("example.com")),
            1 << 20);
    for (FilterAddress each : addresses) {
      named.put(each.written(), new MilterFilter(each, PATIENCE, MacroNames.USUAL, house));
    }
    return new FollowedServers(
        "milter", named, Duration.ofMinutes(1), now::get, System::nanoTime, new Random(7));
  }

  private static FilterAddress nobody() throws Exception {
    return FilterAddress.parse("inet:127.0.0.1:" + Ports.free());
  }

  private static Judgement hear(Follower follower, DialogueEvent event) {
    return follower.hear(Letters.CLIENT, event);
  }

  private Judgement message(Follower follower) {
    Examined letter = ExaminedLetters.of("Subject: x\r\n", "hello\r\n", store);
    assertThat(hear(follower, SENDER)).isEqualTo(Judgement.PASS);
    assertThat(hear(follower, TO)).isEqualTo(Judgement.PASS);
    return follower.examine(letter).judgement();
  }

  private static void begin(Follower follower) {
    assertThat(hear(follower, new DialogueEvent.Connected(1))).isEqualTo(Judgement.PASS);
    assertThat(hear(follower, new DialogueEvent.Greeted())).isEqualTo(Judgement.PASS);
  }

  @Test
  void oneFollowsAWholeSession() {
    FollowedServers servers = servers(one.address(), other.address());
    try (Follower follower = servers.follow()) {
      begin(follower);
      assertThat(message(follower)).isEqualTo(Judgement.PASS);
      assertThat(message(follower)).isEqualTo(Judgement.PASS);
    }
    ScriptedMilter follows = one.heard().isEmpty() ? other : one;
    ScriptedMilter idle = one.heard().isEmpty() ? one : other;
    assertThat(idle.heard()).isEmpty();
    assertThat(follows.heardUntil("Q").stream().filter("E"::equals)).hasSize(2);
    assertThat(follows.heard().stream().filter(line -> line.startsWith("O "))).hasSize(1);
  }

  @Test
  void sessionsAreSharedOut() {
    FollowedServers servers = servers(one.address(), other.address());
    for (int i = 0; i < 20; i++) {
      try (Follower follower = servers.follow()) {
        begin(follower);
        assertThat(message(follower)).isEqualTo(Judgement.PASS);
      }
    }
    assertThat(one.heard()).contains("E");
    assertThat(other.heard()).contains("E");
  }

  @Test
  void oneThatIsDownCostsNoSessionItsFilter() throws Exception {
    FollowedServers servers = servers(nobody(), one.address());
    for (int i = 0; i < 20; i++) {
      try (Follower follower = servers.follow()) {
        begin(follower);
        assertThat(message(follower)).isEqualTo(Judgement.PASS);
      }
    }
    assertThat(one.heard().stream().filter("E"::equals)).hasSize(20);
  }

  @Test
  void whenOneFailsInTheMiddleAnotherIsToldFromTheBeginning() {
    // whichever it is breaks off, so that both have to do with it
    one.answers('E', packet('!'));
    FollowedServers servers = servers(one.address(), other.address());
    boolean failed = false;
    for (int i = 0; i < 10; i++) {
      one.forget();
      other.forget();
      one.answers('E', packet('!'));
      try (Follower follower = servers.follow()) {
        begin(follower);
        assertThat(message(follower)).isEqualTo(Judgement.PASS);
        if (one.heard().contains("E")) {
          failed = true;
          assertThat(other.heard())
              .contains("H client.example", "M <joe@far.example>", "R <b@example.com>", "E");
          // and keeps the session
          assertThat(message(follower)).isEqualTo(Judgement.PASS);
          assertThat(one.heard().stream().filter("E"::equals)).hasSize(1);
        }
      }
    }
    assertThat(failed).isTrue();
  }

  @Test
  void aRefusalIsAnAnswer() {
    one.answers('R', packet('y', text("550 5.7.1 no")));
    other.answers('R', packet('y', text("550 5.7.1 no")));
    try (Follower follower = servers(one.address(), other.address()).follow()) {
      begin(follower);
      assertThat(hear(follower, SENDER)).isEqualTo(Judgement.PASS);
      assertThat(hear(follower, TO)).isInstanceOf(Judgement.Refuse.class);
    }
  }

  @Test
  void oneThatIsDownIsNotWaitedForEachTimeAndIsTriedAgain() throws Exception {
    var told = new CopyOnWriteArrayList<Event>();
    int port = Ports.free();
    var address = FilterAddress.parse("inet:127.0.0.1:" + port);
    FollowedServers servers = servers(address);
    try (var _ = Events.listen(event -> told.add(event))) {
      for (int i = 0; i < 5; i++) {
        try (Follower follower = servers.follow()) {
          assertThat(hear(follower, new DialogueEvent.Connected(1)))
              .isEqualTo(new Judgement.NoAnswer(address + ": Connection refused"));
        }
      }
      try (Follower follower = servers.follow()) {
        assertThat(hear(follower, new DialogueEvent.Connected(1)))
            .isEqualTo(
                new Judgement.NoAnswer(
                    address
                        + ": not asked, since it has failed again and again; asked again within"
                        + " 10s"));
        assertThat(hear(follower, new DialogueEvent.Greeted()))
            .isInstanceOf(Judgement.NoAnswer.class);
        try (var back = new ScriptedMilter(port)) {
          now.updateAndGet(at -> at.plusSeconds(11));
          // the session goes on with it, from its beginning
          assertThat(message(follower)).isEqualTo(Judgement.PASS);
          assertThat(back.heard()).contains("H client.example", "M <joe@far.example>", "E");
        }
      }
    }
    assertThat(told.stream().filter(FilterEvent.class::isInstance))
        .containsExactly(
            new FilterEvent.GivenUp("milter", address.written(), address + ": Connection refused"),
            new FilterEvent.Restored("milter", address.written()));
  }

  @Test
  void aSessionThatEndsWithoutAMessageStillTriesItAgain() throws Exception {
    int port = Ports.free();
    FollowedServers servers = servers(FilterAddress.parse("inet:127.0.0.1:" + port));
    for (int i = 0; i < 5; i++) {
      try (Follower follower = servers.follow()) {
        assertThat(hear(follower, new DialogueEvent.Connected(1)))
            .isInstanceOf(Judgement.NoAnswer.class);
      }
    }
    now.updateAndGet(at -> at.plusSeconds(11));
    try (var _ = new ScriptedMilter(port)) {
      try (Follower follower = servers.follow()) {
        begin(follower);
      }
      // it is well again for all
      try (Follower first = servers.follow();
          Follower second = servers.follow()) {
        begin(first);
        begin(second);
      }
    }
  }
}
