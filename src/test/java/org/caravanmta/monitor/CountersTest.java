package org.caravanmta.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountersTest {
  @Test
  void whatAStrangerSaysIsNotALabel() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Counters.show(registry);
    // what other tests of this process have counted is there too
    long before = lines(registry);
    try {
      for (int i = 0; i < 500; i++) {
        Counters.login("X-" + i, false);
        Counters.secured("TLSv1.3 TLS_INVENTED_" + i);
        Counters.attempt("mine" + i, "sent");
        Counters.refused("RCPT", Refusal.of("RCPT", "550 5.1.1 nonsense " + i), true);
      }
      Counters.login("scram-sha-256", true);
      assertThat(registry.scrape())
          .contains(
              "caravan_logins_total{mechanism=\"other\",result=\"failed\"} 500.0",
              "caravan_logins_total{mechanism=\"SCRAM-SHA-256\",result=\"ok\"} 1.0",
              "caravan_deliveries_total{status=\"sent\",transport=\"other\"} 500.0")
          .doesNotContain("INVENTED_499", "X-1", "mine1");
      assertThat(lines(registry) - before).isLessThan(130);
    } finally {
      Counters.hide(registry);
    }
  }

  private static long lines(PrometheusMeterRegistry registry) {
    return registry.scrape().lines().filter(line -> line.startsWith("caravan_")).count();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                RCPT           | 554 5.7.1 <a@b.example>: Relay access denied                             | RELAY
                RCPT           | 550 5.1.1 <a@b>: Recipient address rejected: User unknown in local table | UNKNOWN_RECIPIENT
          RCPT           | 550 5.7.1 <a@own.example>: sender <b@far.example> is blocked            | SENDER
                RCPT           | 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using x   | DNSBL
                RCPT           | 450 4.2.0 <a@b>: Recipient address rejected: Greylisted                  | GREYLIST
                RCPT           | 554 5.7.1 <h[192.0.2.1]>: Client host rejected: Access denied            | CLIENT
                RCPT           | 504 5.5.2 <x>: Helo command rejected: need fully-qualified hostname      | HELO
                MAIL           | 553 5.7.1 <a@b>: Sender address rejected: not owned by user ann          | SENDER
                MAIL           | 552 5.3.4 Message size exceeds fixed limit                               | SIZE
                END-OF-MESSAGE | 550 5.7.1 no spam                                                        | CONTENT
                RCPT           | 452 4.5.3 Error: too many recipients                                     | LIMIT
                CONNECT        | 421 4.7.0 mx Error: come later                                           | LIMIT
                RCPT           | 451 4.3.0 Temporary lookup failure                                       | OTHER
          """)
  void theReasonIsReadFromTheReply(String step, String reply, Refusal reason) {
    assertThat(Refusal.of(step, reply)).isEqualTo(reason);
  }
}
