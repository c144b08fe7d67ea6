package org.caravanmta.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.queue.Letters.letter;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.message.Mail;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A message on which the process ends each time. What lies on the disk while a stage is in the
/// middle of it is what kill -9 leaves.
class PoisonTest {
  private static final String POISON = "poison";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"batch", "individual"})
  void itIsSetAsideInTheEndAndOthersAreNot(String settle) throws Exception {
    Path life = directory.resolve("life0");
    try (var depot = Depot.at(life).start()) {
      depot.keep("routing", letter("before"));
      depot.keep("routing", letter(POISON));
      depot.keep("routing", letter("behind"));
    }
    int lives = 0;
    while (!getsOver(life, directory.resolve("life" + ++lives), settle)) {
      life = directory.resolve("life" + lives);
      assertThat(lives).as("times that the process has ended").isLessThan(20);
    }
    assertThat(lives).isEqualTo(QueueReader.MOST_REDELIVERIES + 2);
  }

  /// @return whether it got over the message this time
  private static boolean getsOver(Path life, Path next, String settle) throws Exception {
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    try (var depot =
        Depot.at(life)
            .route(
                to ->
                    to.from("artemis:routing?settle=" + settle)
                        .process(
                            exchange -> {
                              if (exchange.getMessage().getBody(Mail.class).id().equals(POISON)) {
                                begun.countDown();
                                end.await();
                              }
                            })
                        .to("artemis:report"))
            .route(
                to ->
                    to.from("artemis:dead")
                        .process(exchange -> begun.countDown())
                        .to("artemis:hold"))
            .start()) {
      begun.await();
      // with it everything before is on the disk
      depot.keep("delivery.smtp", letter("later"));
      Letters.copy(life, next);
      boolean over = depot.depth("routing") == 0 || depot.depth("hold") > 0;
      end.countDown();
      if (over) {
        depot.awaitDepth("hold", 1);
        depot.awaitDepth("report", 2);
        assertThat(depot.waitingIds("hold")).containsExactly(POISON);
        assertThat(depot.waitingIds("report")).containsExactlyInAnyOrder("before", "behind");
      }
      return over;
    } finally {
      end.countDown();
    }
  }
}
