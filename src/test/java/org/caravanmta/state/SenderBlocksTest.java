package org.caravanmta.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The blocked senders, in each database that we say we run on.
class SenderBlocksTest {
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
    private SenderBlocks blocks;

    abstract StateStore open();

    @BeforeEach
    void begin() throws Exception {
      state = new StateOnDemand(this::open);
      blocks = new JdbcBlocks(state, () -> true);
      for (BlockedSender each : blocks.all()) {
        blocks.remove(each.sender(), each.recipient());
      }
    }

    @AfterEach
    void end() {
      state.close();
    }

    @Test
    void aSenderIsBlockedOnceForEachRecipient() throws Exception {
      var everybody = new BlockedSender("far.example", "", "root", NOON);
      var one = new BlockedSender("far.example", "kim@own.example", "a link\0", NOON);
      assertThat(blocks.add(one)).isTrue();
      assertThat(blocks.add(everybody)).isTrue();
      assertThat(blocks.add(new BlockedSender("far.example", "", "somebody", NOON.plusSeconds(9))))
          .isFalse();
      assertThat(blocks.all())
          .containsExactly(
              everybody, new BlockedSender("far.example", "kim@own.example", "a link?", NOON));
      assertThat(blocks.remove("far.example", "lee@own.example")).isFalse();
      assertThat(blocks.remove("far.example", "")).isTrue();
      assertThat(blocks.remove("far.example", "")).isFalse();
      assertThat(blocks.all()).hasSize(1);
    }

    @Test
    void addressesMayBeLong() throws Exception {
      String longest = "ß".repeat(490) + "@x.example";
      assertThat(blocks.add(new BlockedSender(longest, longest, "root", NOON))).isTrue();
      assertThat(blocks.all().getFirst().sender()).isEqualTo(longest);
    }
  }

  @Test
  void whereThereIsNoDatabaseYetNoneIsOpened(@TempDir Path directory) throws Exception {
    var opened = new AtomicBoolean();
    var state =
        new StateOnDemand(
            () -> {
              opened.set(true);
              throw new IllegalArgumentException("the disk is full");
            });
    var blocks = new JdbcBlocks(state, () -> StateStore.isEmbeddedIn(directory));
    assertThat(blocks.all()).isEmpty();
    assertThat(opened).isFalse();
    assertThatThrownBy(() -> blocks.add(new BlockedSender("x.example", "", "root", NOON)))
        .isInstanceOf(StateUnavailable.class)
        .hasMessageContaining("the disk is full");
  }
}
