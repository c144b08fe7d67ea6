package org.caravanmta.queue.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letters;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.Letters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A queue that is longer than the memory has room for: the rest is in files of pages.
class PagingTest {
  private static final int MANY = 1000;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"batch", "individual"})
  void whatWasConfirmedIsTakenOnceAndInOrder(String settle) throws Exception {
    Path killed = directory.resolve("killed");
    try (var depot = depot(directory.resolve("first")).start()) {
      for (Mail letter : letters(MANY)) {
        depot.keep("routing", letter);
      }
      assertThat(depot.depth("routing")).isEqualTo(MANY);
      Letters.copy(directory.resolve("first"), killed);
    }
    Set<String> taken = Collections.synchronizedSet(new LinkedHashSet<>());
    try (var depot =
        depot(killed)
            .route(
                to ->
                    to.from("artemis:routing?settle=" + settle)
                        .routeId("routing")
                        .autoStartup(false)
                        .process(e -> taken.add(e.getMessage().getBody(Mail.class).id()))
                        .to("artemis:report"))
            .start()) {
      assertThat(pages(depot)).isGreaterThan(1);
      depot.context.getRouteController().startRoute("routing");
      // stopped in the middle, and with what is being handed over
      await().atMost(Duration.ofSeconds(60)).until(() -> taken.size() > MANY / 2);
      depot.context.getRouteController().stopRoute("routing");
      depot.context.getRouteController().startRoute("routing");
      depot.awaitDepth("routing", 0);

      depot.awaitDepth("report", MANY);
      assertThat(depot.depth("dead")).isZero();
      assertThat(taken).hasSize(MANY);
      if (settle.equals("batch")) {
        assertThat(taken).containsExactlyElementsOf(letters(MANY).stream().map(Mail::id).toList());
      }
    }
  }

  /// What the broker has counted of the page files when it has begun to is no depth.
  @Test
  void howMuchThereIsIsUnknownWhileItIsCounted() throws Exception {
    try (var depot = depot(directory).start()) {
      for (Mail letter : letters(200)) {
        depot.keep("routing", letter);
      }
      assertThat(depot.broker().look("routing").depth()).isEqualTo(200);
      Queue queue = broker(depot).locateQueue("routing");
      queue.getPageSubscription().getCounter().markRebuilding();
      assertThat(depot.broker().look("routing").depth()).isNaN();
    }
  }

  /// Its memory has room for a few only.
  private static Depot depot(Path directory) throws Exception {
    var depot = Depot.at(directory);
    var settings = broker(depot).getAddressSettingsRepository();
    settings.addMatch(
        "routing",
        new AddressSettings(settings.getMatch("routing"))
            .setMaxSizeMessages(100)
            .setPageSizeBytes(64 << 10));
    return depot;
  }

  private static ActiveMQServer broker(Depot depot) {
    return ((EmbeddedBroker) depot.broker()).server();
  }

  private static long pages(Depot depot) throws Exception {
    return broker(depot)
        .getPagingManager()
        .getPageStore(SimpleString.of("routing"))
        .getNumberOfPages();
  }
}
