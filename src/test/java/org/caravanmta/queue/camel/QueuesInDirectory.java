package org.caravanmta.queue.camel;

import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.caravanmta.message.Mail;
import org.junit.jupiter.api.io.TempDir;

/// Stages of a test have their queues in its directory.
abstract class QueuesInDirectory {
  @TempDir Path directory;

  static String id(Exchange exchange) {
    return exchange.getMessage().getBody(Mail.class).id();
  }
}
