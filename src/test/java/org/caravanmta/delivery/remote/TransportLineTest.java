package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.caravanmta.message.Transport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportLineTest {
  @Test
  void aLineIsReadAsInMasterCf() {
    TransportLine line =
        TransportLine.parse(
            "bulk unix - - n - 5 smtp -o concurrency=5 -o { outgoing.helo-name = bulk.example }");
    assertThat(line)
        .isEqualTo(
            new TransportLine(
                "bulk",
                Transport.SMTP,
                List.of("concurrency=5", "outgoing.helo-name=bulk.example")));
    assertThat(line.bean()).isEqualTo("smtpDelivery.bulk");
    assertThat(line.queue()).isEqualTo("delivery.bulk");
    assertThat(TransportLine.parse("store lmtp").options()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a name of its own first",
        "smtp smtp | a name of its own first",
        "retry smtp | a name of its own first",
        "Bulk smtp | a name of its own first",
        "bulk | smtp or lmtp after the name",
        "bulk pipe | smtp or lmtp after the name",
        "bulk local | smtp or lmtp after the name",
        "bulk smtp concurrency=5 | -o KEY=VALUE, with a key of delivery, after that",
        "bulk smtp -o | -o KEY=VALUE",
        "bulk smtp -o concurrency | -o KEY=VALUE",
        "bulk smtp -o {concurrency = 5 | a } for each {",
        "bulk smtp -o relayhost=x | -o with a key that such a transport has",
        "bulk smtp -o sources.pools=[] | -o with a key that such a transport has"
      })
  void whatIsNotALineIsRefusedWithWhatWasExpected(String line, String expected) {
    assertThatThrownBy(() -> new TransportLines(List.of(line)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("transports must have ")
        .hasMessageContaining(expected);
  }

  @Test
  void aNameStandsOnlyOnce() {
    assertThatThrownBy(() -> new TransportLines(List.of("a smtp", "a lmtp")))
        .hasMessage("transports must have each name only once");
  }
}
