package org.caravanmta.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, mx.far.example, mx.far.example[192.0.2.7]",
    "2001:db8:0:0:0:0:0:7, unknown, unknown[2001:db8::7]",
    "2001:DB8:0:1:0:0:0:7, mx.far.example, mx.far.example[2001:db8:0:1::7]",
    "::1, localhost, localhost[::1]",
    "::ffff:192.0.2.7, unknown, unknown[192.0.2.7]",
  })
  void aClientIsWrittenInOneWay(String address, String name, String written) {
    var client =
        new Client(
            new ClientHost(InetAddress.ofLiteral(address), 25, name, Reverse.UNASKED, false),
            new Greeting("", "SMTP"),
            Entrance.by("smtp"));
    assertThat(client).hasToString(written);
  }
}
