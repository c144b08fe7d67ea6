package org.caravanmta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.caravanmta.control.VerbName;
import org.junit.jupiter.api.Test;

/// What nodes say of what they should have in common.
class AlikeRowsTest {
  private static final List<String> NODES = List.of("n1", "n2", "n3");

  private static List<String> suspension(String reason, String since) {
    return List.of("DOMAIN", "one.example", reason, "ann", since);
  }

  @Test
  void aStageThatRunsEverywhereIsListedOnce() throws Exception {
    var rows = new AlikeRows(VerbName.STAGE_LIST);
    for (String node : NODES) {
      rows.add(node, List.of("greylist", "RUNNING", "Greylisting"));
    }
    assertThat(rows.joined(NODES)).containsExactly(List.of("greylist", "RUNNING", "Greylisting"));
  }

  @Test
  void aStageThatDoesNotIsNamedWithWhereItDoes() throws Exception {
    var rows = new AlikeRows(VerbName.STAGE_LIST);
    rows.add("n1", List.of("greylist", "RUNNING", "Greylisting"));
    rows.add("n2", List.of("greylist", "STOPPED", "Greylisting"));
    rows.add("n3", List.of("greylist", "RUNNING", "Greylisting"));
    assertThat(rows.joined(NODES))
        .containsExactly(
            List.of("greylist", "STOPPED", "Greylisting (running at n1, n3; stopped at n2)"));
  }

  @Test
  void aSuspensionIsListedOnceThoughEachHasItSinceAnotherMoment() throws Exception {
    var rows = new AlikeRows(VerbName.SUSPENSION_LIST);
    rows.add("n1", suspension("why", "1000"));
    rows.add("n2", suspension("why", "1003"));
    rows.add("n3", suspension("why", "1001"));
    assertThat(rows.joined(NODES)).containsExactly(suspension("why", "1000"));
  }

  @Test
  void aSuspensionThatANodeDoesNotHaveIsListedWithItsName() throws Exception {
    var rows = new AlikeRows(VerbName.SUSPENSION_LIST);
    rows.add("n1", suspension("", "1000"));
    rows.add("n3", suspension("", "1001"));
    assertThat(rows.joined(NODES)).containsExactly(suspension("(not at n2)", "1000"));
    assertThat(rows.joined(List.of("n1", "n3"))).containsExactly(suspension("", "1000"));
  }

  @Test
  void whatIsTriedNowIsCountedTogether() throws Exception {
    var rows = new AlikeRows(VerbName.SUSPENSION_REMOVE);
    rows.add("n1", List.of("2", "DOMAIN", "one.example", "why", "ann", "1000"));
    rows.add("n2", List.of("0", "DOMAIN", "one.example", "why", "ann", "1003"));
    rows.add("n3", List.of("3", "DOMAIN", "one.example", "why", "ann", "1001"));
    assertThat(rows.joined(NODES))
        .containsExactly(List.of("5", "DOMAIN", "one.example", "why", "ann", "1000"));
  }
}
