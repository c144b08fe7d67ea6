package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.caravanmta.control.VerbName;
import org.caravanmta.suspension.Suspension;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command `caravan queue suspend` (postfix `defer_transports`).
@Command(
    name = "suspend",
    mixinStandardHelpOptions = true,
    description = {
      "Has mail for a destination, or by a transport, wait until it is resumed; also after a"
          + " restart.",
      "No attempt is made or counted, a flush does not try it, and mail that has waited for its"
          + " whole lifetime is returned."
    })
final class SuspendCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings = new SettingsOptions();
  @Mixin private SuspendedOptions what = new SuspendedOptions();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Why, for the list, the log and queue list.")
  private String reason = "";

  @Override
  public Integer call() throws Exception {
    var args = new ArrayList<>(what.one(spec));
    args.add(reason);
    args.add(CommandUser.user());
    ServerQuestion server = ServerQuestion.to(settings, spec);
    var text = new SuspensionText(what.json(), server.out());
    return server.ask(VerbName.SUSPENSION_ADD, args, row -> text.suspended(Suspension.of(row)));
  }
}
