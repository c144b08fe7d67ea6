package org.caravanmta.queue.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.caravanmta.queue.Letters.letter;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.message.Handover;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Task;
import org.caravanmta.queue.Depot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SendTest {
  @TempDir Path directory;

  record Split(List<Task> all, boolean kept) implements Handover {
    @Override
    public List<Task> tasks(String name) {
      return Handover.matching(all, name);
    }

    @Override
    public Split kept(String name) {
      return new Split(all, true);
    }
  }

  @Test
  void aConfirmedLetterIsThereAfterARestart() throws Exception {
    try (var depot = Depot.at(directory).start()) {
      depot.keep("routing", letter("one"));
    }
    try (var depot = Depot.at(directory).start()) {
      assertThat(depot.waitingIds("routing")).containsExactly("one");
      assertThat(((Mail) depot.waiting("routing").getFirst()).recipients())
          .isEqualTo(letter("one").recipients());
    }
  }

  @Test
  void aFamilyTakesTheTasksForEachOfItsQueues() throws Exception {
    var split =
        new Split(
            List.of(
                new Task("delivery.smtp", letter("far")),
                new Task("delivery.local", letter("near")),
                new Task("report", letter("other"))),
            false);
    try (var depot = Depot.at(directory).start()) {
      var kept = (Split) depot.ask("artemis:delivery.*", split);

      assertThat(kept.kept()).isTrue();
      assertThat(depot.waitingIds("delivery.smtp")).containsExactly("far");
      assertThat(depot.waitingIds("delivery.local")).containsExactly("near");
      assertThat(depot.waitingIds("report")).isEmpty();
    }
  }
}
