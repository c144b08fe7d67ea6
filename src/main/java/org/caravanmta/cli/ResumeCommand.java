package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.caravanmta.control.VerbName;
import org.caravanmta.suspension.Resumed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command `caravan queue resume`.
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {
      "Has mail sent again to what was suspended, and tries now what has waited for it.",
      "A pattern that is not itself suspended resumes all names and patterns that it fits."
    })
final class ResumeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private SettingsOptions settings = new SettingsOptions();
  @Mixin private SuspendedOptions what = new SuspendedOptions();

  @Override
  public Integer call() throws Exception {
    var args = new ArrayList<>(what.one(spec));
    args.add(CommandUser.user());
    ServerQuestion server = ServerQuestion.to(settings, spec);
    var text = new SuspensionText(what.json(), server.out());
    return server.ask(VerbName.SUSPENSION_REMOVE, args, row -> text.resumed(Resumed.of(row)));
  }
}
