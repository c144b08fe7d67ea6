package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextHopSetTest {
  @Test
  void membersShareTheLoadAndSetsFollowEachOther() {
    List<NextHopSet> sets = NextHopReader.sets("[a.example]:26*3|b.example unix:/run/x, [::1]:24");
    assertThat(sets)
        .extracting(set -> set.members().stream().map(NextHopSet.Weighted::weight).toList())
        .containsExactly(List.of(3, 1), List.of(1), List.of(1));
    assertThat(NextHopReader.list("[a.example]:26*3|b.example, unix:/run/x"))
        .isEqualTo(NextHopReader.list("[a.example]:26 b.example unix:/run/x"));
  }

  @Test
  void eachMemberIsDrawnByItsWeightAndAllAreInTheOrder() {
    NextHopSet set = NextHopReader.sets("a.example*7|b.example*2|c.example").getFirst();
    var random = new Random(1);
    List<List<NextHop>> orders =
        IntStream.range(0, 10_000).mapToObj(_ -> set.drawn(random)).toList();
    assertThat(orders)
        .allSatisfy(
            order ->
                assertThat(order)
                    .containsExactlyInAnyOrderElementsOf(
                        NextHopReader.list("a.example b.example c.example")));
    for (int i = 0; i < 3; i++) {
      NextHopSet.Weighted member = set.members().get(i);
      long first = orders.stream().filter(order -> order.getFirst().equals(member.hop())).count();
      assertThat(first / 10_000.0).isCloseTo(member.weight() / 10.0, within(0.02));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a.example*0; \"0\" is not a weight from 1 to 9999, in \"a.example*0\"",
        "a.example*; \"\" is not a weight",
        "a.example*10000|b.example; \"10000\" is not a weight",
        "a.example|; is not a next hop",
        "|b.example; is not a next hop",
        "a.example||b.example; is not a next hop",
        "*3; is not a next hop"
      })
  void whatIsNotASetIsRefusedWithTheReason(String text, String why) {
    assertThatThrownBy(() -> NextHopReader.sets(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }
}
