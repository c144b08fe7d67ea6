package org.caravanmta.queue.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.caravanmta.Ports;
import org.caravanmta.message.Task;
import org.caravanmta.message.Wire;
import org.caravanmta.queue.BrokerProcess;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Received;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Mail of a newer program on a queue that this one empties, too, as while nodes are upgraded one
/// after the other.
class NewerVersionTest {
  private static final int LATER = Wire.VERSION + 1;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "settle=batch, true",
    "settle=individual, true",
    "held=true, true",
    "settle=batch, false"
  })
  void staysOnItsQueueAndKeepsNobodyWaiting(String options, boolean labelled) throws Exception {
    try (var depot = Depot.at(directory)) {
      depot.route(to -> to.from("artemis:routing?" + options).to("artemis:report")).start();
      depot.keep("routing", letter("before"));
      putNewer(depot, labelled);
      for (int i = 0; i < 50; i++) {
        depot.keep("routing", letter("behind" + i));
      }
      depot.awaitDepth("report", 51);
      await().untilAsserted(() -> assertLeft(depot));
      long number = depot.browse("routing").getFirst().number();

      // once it is known what it is, nobody turns it over again
      for (int i = 0; i < 50; i++) {
        depot.keep("routing", letter("later" + i));
      }
      depot.awaitDepth("report", 101);
      assertThat(depot.browse("routing").getFirst().number()).isEqualTo(number);
    }
  }

  @Test
  void isForANewerNodeOfTheSameBroker() throws Exception {
    int port = Ports.free();
    try (var _ = BrokerProcess.start(directory, port);
        var depot =
            Depot.on(new RemoteBroker("tcp://127.0.0.1:" + port, "", ""))
                .route(to -> to.from("artemis:routing").to("artemis:report"))
                .route(to -> to.from("artemis:routing?settle=individual").to("artemis:report"))
                .start()) {
      depot.keep("routing", letter("before"));
      putNewer(depot, false);
      for (int i = 0; i < 50; i++) {
        depot.keep("routing", letter("behind" + i));
      }
      depot.awaitDepth("report", 51);
      await().untilAsserted(() -> assertLeft(depot));

      try (var connection = depot.broker().connections().open();
          var session = depot.broker().connections().direct(connection)) {
        session.start();
        var filter =
            SimpleString.of(Received.READABLE.toString().replace(" " + Wire.VERSION, " " + LATER));
        try (var newer =
            session.createConsumer(SimpleString.of("routing"), filter, 1 << 20, -1, false)) {
          var taken = Received.of("routing", newer.receive(10_000), "");
          assertThat(taken.bytes()).isEqualTo(newer());
          assertThat(taken.id()).isEqualTo("newer");
        }
      }
    }
  }

  private static void assertLeft(Depot depot) throws Exception {
    assertThat(depot.depth("dead")).isZero();
    List<Received> left = depot.browse("routing");
    assertThat(left).singleElement().extracting(Received::id).isEqualTo("newer");
    assertThat(left.getFirst().bytes()).isEqualTo(newer());
  }

  private static void putNewer(Depot depot, boolean labelled) throws Exception {
    Map<String, Object> properties = new HashMap<>(Map.of(Frame.ID, "newer", Frame.DUE, 0L));
    if (labelled) {
      properties.put(Frame.VERSION, LATER);
    }
    depot.put("routing", newer(), properties);
  }

  private static byte[] newer() {
    byte[] bytes =
        Frame.of(new Task("routing", letter("newer")), Depot.CODECS, true).bytes().clone();
    bytes[0] = LATER;
    var crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
    return bytes;
  }
}
