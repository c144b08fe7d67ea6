package org.caravanmta.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Load LOAD = new Load(100, 4096, 1, 50, false);

  private final Report report =
      new Report(
          List.of("postfix", "caravan"),
          List.of(
              measured("postfix", 1, 100, 0),
              measured("caravan", 1, 400, 0),
              measured("postfix", 2, 200, 3),
              measured("caravan", 2, 400, 0)),
          List.of("a note"),
          false);

  @Test
  void eachLoadIsOneLineOfTheMatrix() {
    assertThat(report.lines())
        .isEqualTo(
            "| 100 | 4 KiB, 1 recipient, 50 sessions, new connections | 200, 3 LOST |"
                + " 400 (**4.0**, 2.0–4.0) |\n");
    assertThat(Report.heading(report.peers()).lines()).hasSize(2);
  }

  @Test
  void lostMailIsSaidFirst() {
    assertThat(report.footnotes())
        .isEqualTo(
            "* postfix HAS LOST MAIL: of 200 messages that it answered 250, 3 did not come.\n"
                + "* a note.\n");
    assertThat(report.json("machine", List.of("one"))).contains("HAS LOST MAIL");
  }

  private static Measured measured(String peer, int round, double delivered, int missing) {
    var none = new Ledger.Percentiles(0, 0);
    return new Measured(
        peer, LOAD, round, delivered, delivered, 1, 1, none, none, 1, missing, 0, 0);
  }
}
