package org.caravanmta.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.caravanmta.control.VerbName;
import org.caravanmta.suspension.Suspension;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command `caravan queue suspensions`.
@Command(
    name = "suspensions",
    mixinStandardHelpOptions = true,
    description = "Lists what is suspended, since when, by whom and why.")
final class SuspensionsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(names = "--json", description = "One JSON object per line.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    ServerQuestion server = ServerQuestion.to(settings, spec);
    var text = new SuspensionText(json, server.out());
    int status =
        server.ask(VerbName.SUSPENSION_LIST, List.of(), row -> text.listed(Suspension.of(row)));
    if (status == 0) {
      text.end();
    }
    return status;
  }
}
