package org.caravanmta.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was rejected until it has been told of, in each database that we say we run on.
class RejectedMemoryTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Nested
  class OnEmbeddedH2 extends Contract {
    @TempDir Path directory;

    @Override
    StateStore open() {
      return StateStore.embedded(directory.resolve("state"));
    }
  }

  @Nested
  class OnPostgreSql extends Contract {
    @Override
    StateStore open() {
      return StateStore.open(Postgres.url(), "postgres", "");
    }
  }

  abstract static class Contract {
    private StateOnDemand state;
    private RejectedMemory memory;

    abstract StateStore open();

    @BeforeEach
    void begin() throws Exception {
      state = new StateOnDemand(this::open);
      memory = new JdbcRejected(state);
      memory.forget(memory.all(1000).keySet());
    }

    @AfterEach
    void end() {
      state.close();
    }

    private static RejectedMail mail(String id, String recipient, Instant since) {
      return new RejectedMail(
          id,
          recipient,
          "ann@far.example",
          "Grüße \ud83d\ude00",
          "clamd /c",
          "rejected: 554",
          since);
    }

    @Test
    void itIsThereUntilItIsForgotten() throws Exception {
      RejectedMail one = mail("one", "kim@own.example", NOON);
      RejectedMail two = mail("two", "lee@own.example", NOON.plusSeconds(1));
      RejectedMail three = mail("three", "kim@own.example", NOON.plusSeconds(2));
      memory.note(List.of(one, two), 10);
      memory.note(List.of(three), 10);
      Map<Long, RejectedMail> all = memory.all(1000);
      assertThat(all.values()).containsExactly(one, two, three);
      assertThat(memory.all(2).values()).containsExactly(one, two);
      memory.forget(Set.of(all.keySet().iterator().next()));
      assertThat(memory.all(1000).values()).containsExactly(two, three);
      memory.forgetBefore(three.since());
      assertThat(memory.all(1000).values()).containsExactly(three);
    }

    @Test
    void ofARecipientThereAreNoMoreThanThat() throws Exception {
      RejectedMail kim = mail("one", "kim@own.example", NOON);
      memory.note(List.of(kim, kim, kim, mail("one", "lee@own.example", NOON), kim), 2);
      assertThat(memory.all(1000).values().stream().map(RejectedMail::recipient))
          .containsExactly("kim@own.example", "kim@own.example", "lee@own.example");
    }

    @Test
    void textsOfAnyKindAreKept() throws Exception {
      String odd = "a\0b\ud83d" + "ß".repeat(2000);
      memory.note(List.of(new RejectedMail("one", odd, odd, odd, odd, odd, NOON)), 2);
      assertThat(memory.all(1).values())
          .singleElement()
          .satisfies(kept -> assertThat(kept.subject()).startsWith("a?b?ßß"));
    }
  }
}
