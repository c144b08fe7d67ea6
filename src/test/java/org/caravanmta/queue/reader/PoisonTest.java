package org.caravanmta.queue.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.queue.Letters.letter;
import static org.caravanmta.queue.Letters.letters;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.Letters;
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
    assertThat(lives).isEqualTo(QueueReader.MOST_FAILURES + 2);
  }

  /// How many of thirty are in the middle of a stage that takes many at a time, in one life after
  /// the other: all of them twice, then the few for which there is room beside each other ({@link
  /// Solitude}), at last each alone.
  private static final int[] TOGETHER = {30, 30, 8, 8, 8, 6, 1, 1, 1};

  /// The process ends nine times while thirty good messages are in the middle of a stage, as with a
  /// server that takes its time, as many at a time as may be: none is to blame.
  @ParameterizedTest
  @ValueSource(strings = {"batch", "individual"})
  void whoWasThereWhenItEndedIsNotToBlame(String settle) throws Exception {
    Path life = directory.resolve("life0");
    try (var depot = Depot.at(life).start()) {
      for (Mail letter : letters(30)) {
        depot.keep("routing", letter);
      }
    }
    for (int lives = 1; lives <= 9; lives++) {
      Path next = directory.resolve("life" + lives);
      int together = settle.equals("batch") ? 1 : TOGETHER[lives - 1];
      var begun = new CountDownLatch(together);
      var end = new CountDownLatch(1);
      try (var depot =
          Depot.at(life)
              .route(
                  to ->
                      to.from("artemis:routing?settle=" + settle)
                          .process(
                              exchange -> {
                                begun.countDown();
                                end.await();
                              })
                          .to("artemis:report"))
              .start()) {
        begun.await();
        depot.keep("delivery.smtp", letter("later"));
        Letters.copy(life, next);
        end.countDown();
      }
      life = next;
    }
    try (var depot =
        Depot.at(life)
            .route(to -> to.from("artemis:routing?settle=" + settle).to("artemis:report"))
            .start()) {
      depot.awaitDepth("report", 30);
      assertThat(depot.depth("dead")).isZero();
      assertThat(depot.depth("routing")).isZero();
    }
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
