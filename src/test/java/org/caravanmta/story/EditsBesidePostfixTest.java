package org.caravanmta.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.filter.milter.ScriptedMilter.packet;
import static org.caravanmta.filter.milter.ScriptedMilter.text;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.caravanmta.filter.milter.ScriptedMilter;
import org.caravanmta.peers.FilterRoutes;
import org.caravanmta.peers.PrivatePostfix;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same milter changes fields at a real Postfix and at Caravan: byte for byte, the same message
/// leaves both.
class EditsBesidePostfixTest {
  private static final int LEADING_SPACE = 0x100000;

  @TempDir static Path directory;
  private static final BlockingQueue<String> ARRIVED = new LinkedBlockingQueue<>();
  private static ScriptedMilter milter;
  private static ReceivingServer sink;
  private static PrivatePostfix postfix;
  private static Server caravan;

  /// @param waivers what the milter agrees to
  /// @param value what it gives to fields
  record Row(int waivers, String value) {
    @Override
    public String toString() {
      return (waivers == 0 ? "" : "with leading space ")
          + "\""
          + value.replace("\n", "\\n").replace("\t", "\\t")
          + "\"";
    }
  }

  static List<Row> rows() {
    return List.of(
            "b", " b", "  b", "\tb", "b\n c", " b\n\tc", "\n b", "b  c", "b ", "b\t", "b \n c ",
            " ", "")
        .stream()
        .flatMap(value -> List.of(new Row(0, value), new Row(LEADING_SPACE, value)).stream())
        .toList();
  }

  @BeforeAll
  static void start() throws Exception {
    milter = new ScriptedMilter();
    sink =
        ReceivingServer.start(
            "127.0.0.1",
            0,
            "250-8BITMIME\r\n250 SIZE",
            message -> {
              ARRIVED.add(message.text());
              return "250 2.0.0 Ok";
            });
    postfix =
        PrivatePostfix.start(
            directory.resolve("postfix"),
            """
            myhostname = mx.caravan.test
            mydestination =
            alias_maps =
            mynetworks = 127.0.0.0/8
            relayhost = [127.0.0.1]:%d
            smtpd_milters = %s
            smtpd_peername_lookup = no
            local_header_rewrite_clients =
            """
                .formatted(sink.port(), milter.address()));
    caravan =
        Server.start(
            directory.resolve("var"),
            "--set",
            "rewriting.local-clients=[]",
            "--set",
            "delivery.relayhost=[127.0.0.1]:" + sink.port(),
            "--routes",
            FilterRoutes.in(
                    directory.resolve("routes"),
                    "- bean: { ref: \"milter " + milter.address() + "\" }\n")
                .toString());
  }

  @AfterAll
  static void stop() throws Exception {
    caravan.close();
    postfix.close();
    sink.close();
    milter.close();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theSameMessageLeavesBoth(Row row) throws Exception {
    milter.agrees(6, 0x1ff, row.waivers(), Map.of());
    assertThat(through(caravan.smtp, row.value())).isEqualTo(through(postfix.port, row.value()));
  }

  /// The message without what each server has written for itself.
  private static String through(int port, String value) throws Exception {
    byte[] first = ByteBuffer.allocate(4).putInt(1).array();
    byte[] none = ByteBuffer.allocate(4).array();
    milter.answers(
        'E',
        packet('h', text("X-Last", value)),
        packet('i', first, text("X-First", value)),
        packet('m', first, text("X-Old", value)),
        packet('m', none, text("X-Older", value)),
        packet('m', first, text("X-New", value)),
        packet('c'));
    try (var talk = Talk.to(port)) {
      assertThat(
              talk.send(
                  "s@far.example",
                  "b@far.example",
                  "From: a@far.example\r\nTo: b@far.example\r\nDate: Mon, 30 Nov 2026 00:19:24"
                      + " +0000\r\nMessage-ID: <1@far.example>\r\nX-Older: o\r\nX-Old:o\r\n"
                      + "X-Old:  o\r\n\r\nhello\r\n"))
          .startsWith("250");
    }
    await().until(() -> !ARRIVED.isEmpty());
    String message = ARRIVED.poll(1, TimeUnit.SECONDS);
    return message.replaceAll("(?m)^Received:.*\r\n(?:[ \t].*\r\n)*", "");
  }
}
