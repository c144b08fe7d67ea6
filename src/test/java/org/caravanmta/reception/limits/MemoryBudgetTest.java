package org.caravanmta.reception.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final long LIMIT = 256 * 1024;

  /// @param kind grows, counts, or ends for good
  record Change(int session, Kind kind, Holding.What what, int bytes) {
    enum Kind {
      GROW,
      COUNT,
      CLOSE
    }
  }

  /// Whatever sessions do and however they end, the sum is that of what they hold, and in the end
  /// nothing; what is asked for never goes past the limit.
  @Property(tries = 500)
  void theSumIsWhatIsHeldAndInTheEndNothing(@ForAll("changes") List<Change> changes) {
    var budget = new MemoryBudget(LIMIT);
    List<Holding> sessions = IntStream.range(0, 5).mapToObj(_ -> new Holding(budget)).toList();
    for (Change change : changes) {
      Holding session = sessions.get(change.session());
      long before = budget.held();
      switch (change.kind()) {
        case GROW -> {
          boolean granted = session.grow(change.what(), change.bytes());
          assertThat(granted || budget.held() == before).isTrue();
          assertThat(budget.held()).isLessThanOrEqualTo(Math.max(before, LIMIT));
        }
        case COUNT -> session.count(change.what(), change.bytes());
        case CLOSE -> session.close();
      }
      assertThat(budget.held()).isEqualTo(sessions.stream().mapToLong(Holding::taken).sum());
      assertThat(budget.held() % MemoryBudget.STEP).isZero();
    }
    sessions.forEach(Holding::close);
    assertThat(budget.held()).isZero();
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 4),
            Arbitraries.frequencyOf(
                Tuple.of(10, Arbitraries.just(Change.Kind.GROW)),
                Tuple.of(10, Arbitraries.just(Change.Kind.COUNT)),
                Tuple.of(1, Arbitraries.just(Change.Kind.CLOSE))),
            Arbitraries.of(Holding.What.class),
            Arbitraries.integers().between(0, 150_000))
        .as(Change::new)
        .list()
        .ofMaxSize(60);
  }

  @Test
  void theLastQuarterIsForThoseWhoHoldLittle() {
    var budget = new MemoryBudget(LIMIT);
    Holding large = new Holding(budget);
    Holding small = new Holding(budget);
    assertThat(large.grow(Holding.What.CONTENT, 180 * 1024)).isTrue();
    assertThat(large.grow(Holding.What.CONTENT, 200 * 1024)).isFalse();
    assertThat(large.taken()).as("as before").isEqualTo(180 * 1024);
    assertThat(small.grow(Holding.What.CONTENT, 30 * 1024)).isTrue();
    assertThat(small.grow(Holding.What.CONTENT, 40 * 1024)).isFalse();
    assertThat(budget.refusals()).isEqualTo(2);
  }

  @Test
  void roomIsMadeOnlyForSoMuchAheadOfWhatComesBack() {
    var budget = new MemoryBudget(LIMIT);
    budget.relieveBy(_ -> true);
    Holding holding = new Holding(budget);
    assertThat(holding.grow(Holding.What.CONTENT, 28 * 1024 + (int) LIMIT * 3 / 4)).isTrue();
    assertThat(holding.grow(Holding.What.CONTENT, 40 * 1024 + (int) LIMIT * 3 / 4)).isFalse();
  }
}
