package org.caravanmta.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.caravanmta.control.VerbName;
import org.caravanmta.delivery.schedule.DestinationRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command `caravan queue destinations`.
@Command(
    name = "destinations",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the destinations in use of smtp, lmtp, content filters and transports like them, and"
          + " what holds each back now; first where most mail waits for its turn.",
      "Deferred mail is not counted: queue count does that."
    })
final class DestinationsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(names = "--json", description = "One JSON object per line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    ServerQuestion server = ServerQuestion.to(settings, spec);
    var table = new DestinationTable(json, server.out());
    int status =
        server.ask(
            VerbName.QUEUE_DESTINATIONS, List.of(), row -> table.add(DestinationRow.of(row)));
    if (status == 0) {
      table.end();
    }
    return status;
  }
}
