package org.caravanmta.queue.reader;

import static org.caravanmta.queue.Letters.letters;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.caravanmta.message.Mail;
import org.caravanmta.queue.Depot;

/// Delivers every second of twenty letters and never ends the others: `HalfDoneProcess DIRECTORY`.
final class HalfDoneProcess {
  private HalfDoneProcess() {}

  static final String READY = "half is done";

  public static void main(String[] arguments) throws Exception {
    try (var depot =
        Depot.at(Path.of(arguments[0]))
            .route(
                to ->
                    to.from("artemis:routing?settle=individual")
                        .process(
                            e -> {
                              var id = e.getMessage().getBody(Mail.class).id();
                              if (Integer.parseInt(id.substring("letter".length())) % 2 == 1) {
                                new CountDownLatch(1).await();
                              }
                            })
                        .to("artemis:delivery.smtp"))
            .start()) {
      for (Mail letter : letters(20)) {
        depot.keep("routing", letter);
      }
      depot.awaitDepth("delivery.smtp", 10);
      System.out.println(READY);
      Thread.currentThread().join();
    }
  }
}
