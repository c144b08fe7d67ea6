package org.caravanmta.cli;

import org.caravanmta.queue.admin.CatQuestion;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `caravan queue cat` prints of a message (postfix `postcat(1)`): everything, or what is
/// named.
final class CatOptions {
  @Option(
      names = {"-e", "--envelope"},
      description = "The envelope of each part, and where it is.")
  private boolean envelope;

  @Option(names = "--headers", description = "The header section.")
  private boolean headers;

  @Option(
      names = {"-b", "--body"},
      description = "The body.")
  private boolean body;

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      description = "Only parts on this queue, or family: deferred.*")
  private String queue = "";

  @Parameters(paramLabel = "ID", description = "As `caravan queue list` shows it.")
  private String id = "";

  boolean envelope() {
    return envelope || !headers && !body;
  }

  CatQuestion question() {
    boolean all = !envelope && !headers && !body;
    return new CatQuestion(id, queue, headers || all, body || all);
  }
}
