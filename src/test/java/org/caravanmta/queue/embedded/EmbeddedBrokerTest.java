package org.caravanmta.queue.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.caravanmta.queue.Letters.letter;
import static org.caravanmta.queue.Letters.letters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.caravanmta.message.Content;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.Depot;
import org.caravanmta.queue.remote.RemoteBroker;
import org.caravanmta.queue.spi.QueueFull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
  @TempDir Path directory;

  @Test
  void twoDoNotShareADirectory() throws Exception {
    try (var _ = EmbeddedBroker.start(directory, Depot.SETTINGS)) {
      assertThatThrownBy(() -> EmbeddedBroker.start(directory, Depot.SETTINGS))
          .isInstanceOf(IOException.class)
          .hasMessage("another Caravan is running in " + directory);
    }
    EmbeddedBroker.start(directory, Depot.SETTINGS).close();
  }

  @Test
  void severalLiveInOneProcess() throws Exception {
    try (var one = Depot.at(directory.resolve("one")).start();
        var other = Depot.at(directory.resolve("other")).start()) {
      one.keep("routing", letter("a"));
      assertThat(one.depth("routing")).isEqualTo(1);
      assertThat(other.depth("routing")).isZero();
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws Exception {
    var file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> EmbeddedBroker.start(file.resolve("queues"), Depot.SETTINGS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot write to " + file.resolve("queues"));
  }

  @Test
  void nothingIsConfirmedBeforeTheJournalHasIt() throws Exception {
    var broker = EmbeddedBroker.start(directory, Depot.SETTINGS);
    var journal = broker.server().getStorageManager().getMessageJournal();
    try (var depot = Depot.on(broker).start()) {
      depot.keep("routing", letter("before"));
      journal.synchronizationLock();
      try {
        var sent = depot.send("artemis:routing", letter("stalled"));
        await().during(Duration.ofMillis(300)).until(() -> !sent.isDone());
        journal.synchronizationUnlock();
        assertThat(sent.get().getException()).isNull();
      } finally {
        depot.context.stop();
      }
    } finally {
      broker.close();
    }
  }

  @Test
  void aJournalThatCannotBeWrittenIsFatal() throws Exception {
    var told = new CompletableFuture<Throwable>();
    try (var broker = EmbeddedBroker.start(directory, Depot.SETTINGS)) {
      broker.onFatal(told::complete);
      broker
          .server()
          .getIoCriticalErrorListener()
          .onIOException(new IOException("No space left on device"), "journal", "journal-1");
      assertThat(told.get()).hasMessage("No space left on device");
    }
  }

  @Test
  void withTheDiskNearlyFullNothingIsTakenAndStagesGoOn() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      for (Mail letter : letters(10)) {
        depot.keep("routing", letter);
      }
    }
    long free = Files.getFileStore(directory).getUsableSpace();
    var tight = new BrokerSettings(free * 2, 64 << 20, Optional.empty());
    try (var depot =
        Depot.at(directory, tight, InstantSource.system())
            .route(to -> to.from("artemis:routing").to("artemis:delivery.smtp"))
            .start()) {
      assertThatThrownBy(() -> depot.keep("routing", letter("refused")))
          .isInstanceOf(QueueFull.class);
      depot.awaitDepth("delivery.smtp", 10);
    }
    try (var depot = Depot.at(directory).start()) {
      depot.keep("routing", letter("taken"));
      assertThat(depot.waitingIds("routing")).containsExactly("taken");
    }
  }

  @Test
  void whatABrokerWithAFullDiskRefusesIsNotLost() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      for (Mail letter : letters(10)) {
        depot.keep("routing", letter);
      }
    }
    try (var broker =
        EmbeddedBroker.start(
            directory, new BrokerSettings(Long.MAX_VALUE, 64 << 20, Optional.empty()))) {
      await().until(() -> broker.server().getPagingManager().isDiskFull());
      // as seen from another machine, which does not see the disk
      try (var depot =
          Depot.on(new RemoteBroker(broker.url(), "", ""))
              .route(to -> to.from("artemis:routing").to("artemis:delivery.smtp"))
              .start()) {
        assertThatThrownBy(() -> depot.keep("routing", letter("refused")))
            .isInstanceOf(QueueFull.class);
        await().during(Duration.ofMillis(1500)).until(() -> depot.depth("delivery.smtp") == 0);
      }
    }
    try (var depot =
        Depot.at(directory)
            .route(to -> to.from("artemis:routing").to("artemis:delivery.smtp"))
            .start()) {
      depot.awaitDepth("delivery.smtp", 10);
      assertThat(depot.depth("dead")).isZero();
      assertThat(depot.depth("routing")).isZero();
      // those that were begun when the disk refused go one at a time, after the others
      assertThat(depot.waitingIds("delivery.smtp"))
          .containsExactlyInAnyOrderElementsOf(letters(10).stream().map(Mail::id).toList());
    }
  }

  @Test
  void aLetterLargerThanAnyShouldBeTravelsAllTheSame() throws Exception {
    var large = letter("large").with(new Content.Inline(new byte[1 << 20]));
    try (var depot =
        Depot.at(directory)
            .route(to -> to.from("artemis:routing").to("artemis:delivery.smtp"))
            .route(to -> to.from("artemis:delivery.smtp?settle=individual").to("artemis:report"))
            .start()) {
      depot.keep("routing", large);
      depot.awaitDepth("report", 1);
      assertThat(((Mail) depot.waiting("report").getFirst()).size()).isEqualTo(large.size());
    }
  }
}
