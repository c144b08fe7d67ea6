package org.caravanmta.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClusterReportTest {
  private final List<ClusterRound> rounds = new ArrayList<>();

  @Test
  void copiesCostTheNodeThatTakesMailAndItsKeeper() {
    compare();

    assertThat(report().remarks())
        .contains(
            "with a copy on another node, a message costs the node that takes it 1.40 (1.40–1.40)"
                + " times the processor time of one in no cluster (at most 1.5 is wanted: so it"
                + " is), and all nodes together 1.70 (1.70–1.70) times")
        .noneMatch(remark -> remark.contains("LOST"));
    assertThat(report().table())
        .contains("| 1 of 2 | no | 1000 | 1000 | 560 µs | 120 µs | 680 µs | 7 µs |");
  }

  @Test
  void whatTwoNodesDoBesideOneIsThatOfLimitedNodes() {
    compare();
    assertThat(report().remarks()).noneMatch(remark -> remark.contains("as fast"));

    add("1 of 2", true, 1, 400, 0, Map.of("n1", 560.0, "n2", 120.0));
    add("2 of 2", true, 2, 700, 0, Map.of("n1", 340.0, "n2", 340.0));

    assertThat(report().remarks())
        .contains(
            "mail to 2 of 2 nodes is delivered 1.75 (1.75–1.75) times as fast as mail to one of"
                + " them (at least 1.8 is wanted: NOT SO)");
  }

  @Test
  void lostMailIsSaidFirst() {
    compare();
    add("1 of 2", true, 1, 400, 3, Map.of("n1", 560.0, "n2", 120.0));

    assertThat(report().remarks().getFirst())
        .isEqualTo("MAIL IS LOST: of 400 messages, 3 did not come");
    assertThat(report().json("machine", "caravan"))
        .contains("MAIL IS LOST", "\"nodeCpuMicros\": {\"n1\": 560.0, \"n2\": 120.0}");
  }

  @Test
  void aNodesPartOfAProcessorIsSeen() {
    add("2 of 2", true, 2, 700, 0, Map.of("n1", 340.0, "n2", 360.0));

    assertThat(rounds.getFirst().percent()).isEqualTo(24.5);
  }

  private void compare() {
    add("embedded", false, 1, 1000, 0, Map.of("embedded", 400.0));
    add("unreplicated", false, 1, 1000, 0, Map.of("alone", 410.0));
    add("1 of 2", false, 1, 1000, 0, Map.of("n1", 560.0, "n2", 120.0));
  }

  private void add(
      String name,
      boolean limited,
      int taking,
      double delivered,
      int missing,
      Map<String, Double> nodes) {
    var none = new Ledger.Percentiles(0, 0);
    var load = new Load(100, 4096, 1, 50, false);
    double sum = nodes.values().stream().mapToDouble(Double::doubleValue).sum();
    var measured =
        new Measured(name, load, 1, delivered, delivered, sum, 1, none, none, 1, missing, 0, 0);
    var inOrder = new LinkedHashMap<String, Double>();
    nodes.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(node -> inOrder.put(node.getKey(), node.getValue()));
    rounds.add(new ClusterRound(measured, limited, taking, inOrder, 7, 1.5));
  }

  private ClusterReport report() {
    return new ClusterReport(2, rounds, List.of("a note"));
  }
}
