package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The operator puts a client list into the branch `connect`, and has clients hear of it at once
/// (Postfix: smtpd_delay_reject = no).
class RefusedConnectionTest {
  @Test
  void isRefusedInThePlaceOfTheGreeting(@TempDir Path directory) throws Exception {
    Path routes = Edits.copyOfRoutes(directory.resolve("routes"));
    Edits.replace(
        routes.resolve("reception.camel.yaml"),
        "                        - bean: { ref: clientNames, method: find }\n",
        """
                                - bean: { ref: clientNames, method: find }
                                - bean: { ref: smtpdClientRestrictions }
                                - bean: { ref: "checkClientAccess inline:{ {127.0.0.1 = REJECT go away} }" }
        """);
    try (var caravan =
        Server.start(
            directory.resolve("var"),
            "--routes",
            routes.toString(),
            "--set",
            "networks.own=[]",
            "--set",
            "smtp.delay-reject=false",
            "--set",
            "smtp.client-name-lookup=false")) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), caravan.smtp)) {
        var in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        assertThat(in.readLine())
            .isEqualTo("554 5.7.1 <unknown[127.0.0.1]>: Client host rejected: go away");
        socket
            .getOutputStream()
            .write("EHLO client.example\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(in.readLine())
            .isEqualTo("503 5.7.0 Error: access denied for unknown[127.0.0.1]");
        socket.getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(in.readLine()).isEqualTo("221 2.0.0 Bye");
        assertThat(in.readLine()).isNull();
      }
      assertThat(
              caravan.says("NOQUEUE: reject: CONNECT from unknown[127.0.0.1]: 554 5.7.1 <unknown"))
          .isTrue();
    }
  }
}
