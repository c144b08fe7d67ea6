package org.caravanmta.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.caravanmta.peers.ClientHello;
import org.caravanmta.peers.Conduct;
import org.caravanmta.peers.Identity;
import org.caravanmta.peers.TlsSink;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Servers whose names have letters beyond ASCII (RFC 5890 §2.3.2.1): whichever form tables write,
/// the DNS, the server and its certificate have the one of ASCII (RFC 6066 §3, RFC 6125 §6.4.2).
class IdnServersTest extends TlsSinksInReach {
  private static final String ASCII = "mx.xn--bcher-kva.far.example";

  private static Identity identity;

  @BeforeAll
  static void certificate() throws Exception {
    identity = authority.issue("idn", ASCII);
  }

  @BeforeEach
  void exchangers() {
    zones.zone(
        "@ MX 10 mx1\nmx1 A 127.0.0.1\nxn--bcher-kva MX 10 mx.xn--bcher-kva\n"
            + "mx.xn--bcher-kva A 127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[mx.bücher.far.example]         | verify",
        "[MX.BÜCHER.far.example]         | verify",
        "[mx.xn--bcher-kva.far.example]  | verify",
        "bücher.far.example              | verify",
        "xn--bcher-kva.far.example       | verify",
        "bücher.far.example              | secure",
        "[mx.bücher.far.example]         | secure match=mx.bücher.far.example",
        "[mx.bücher.far.example]         | secure match=.bücher.far.example",
        "bücher.far.example              | secure match=dot-nexthop",
        "[mx.bücher.far.example]         | secure match=nexthop",
        "[mx.bücher.far.example]         | verify servername=mx.bücher.far.example",
        "[mx.bücher.far.example]         | may servername=hostname",
        "[mx.bücher.far.example]         | secure match=mx.xn--bcher-kva.far.example",
      })
  void areAskedForAndKnownByTheFormOfAscii(String nextHop, String policy) throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, identity)) {
      deliver(sink, tables("static:" + policy), nextHop + ":" + sink.port());
      assertThat(sink.hellos())
          .singleElement()
          .extracting(ClientHello::names)
          .isEqualTo(List.of(ASCII));
      assertThat(sink.taken()).singleElement().returns("TLSv1.3", TlsSink.Taken::protocol);
    }
  }

  /// A row that is not found would leave the level as it is, `may`, which asks for no name.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[mx.bücher.far.example]         | [mx.bücher.far.example]",
        "[mx.bücher.far.example]         | [mx.xn--bcher-kva.far.example]",
        "[mx.xn--bcher-kva.far.example]  | [mx.bücher.far.example]",
        "[mx.xn--bcher-kva.far.example]  | [mx.xn--bcher-kva.far.example]",
        "bücher.far.example              | bücher.far.example",
        "bücher.far.example              | xn--bcher-kva.far.example",
        "xn--bcher-kva.far.example       | bücher.far.example",
      })
  void haveTheirRowWhicheverFormItIsWrittenIn(String nextHop, String row) throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, identity)) {
      deliver(
          sink,
          tables("inline:{{" + row + ":" + sink.port() + " = verify}}"),
          nextHop + ":" + sink.port());
      assertThat(sink.hellos())
          .singleElement()
          .extracting(ClientHello::names)
          .isEqualTo(List.of(ASCII));
    }
  }

  @Test
  void ofAnotherNameAreNotBelieved() throws Exception {
    try (TlsSink sink = sink(Conduct.OFFERS, good)) {
      assertThat(
              reason(
                  deliver(
                      sink,
                      tables("static:secure match=.bücher.far.example"),
                      "[mx.bücher.far.example]:" + sink.port())))
          .startsWith("4.7.5 Server certificate not verified");
    }
  }
}
