package org.caravanmta.cli;

import java.util.List;
import org.caravanmta.control.StageStatus;
import org.caravanmta.control.VerbName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command `caravan stage`: lists, stops and starts the stages of a running server.
@Command(
    name = "stage",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Lists, stops and starts the stages of a running server.",
    footer = {
      "",
      "A stage is a route. While one is stopped its queue grows; nothing is lost, and mail goes on",
      "where it stood when the stage is started again."
    })
final class StageCommand {
  @Spec private CommandSpec spec;

  /// Read by {@link ServerQuestion}.
  @Option(
      names = ServerQuestion.HERE,
      scope = ScopeType.INHERIT,
      description = ServerQuestion.ABOUT_HERE)
  @SuppressWarnings("UnusedVariable")
  private boolean here;

  StageCommand() {}

  @Command(description = "Lists the stages and whether each runs.", mixinStandardHelpOptions = true)
  int list(@Mixin SettingsOptions settings) throws Exception {
    var server = ServerQuestion.to(settings, spec);
    return server.ask(
        VerbName.STAGE_LIST, List.of(), row -> server.out().print(text(StageStatus.of(row))));
  }

  @Command(
      description = "Stops a stage, once it has finished its current work.",
      mixinStandardHelpOptions = true)
  int stop(@Mixin SettingsOptions settings, @Parameters(paramLabel = "STAGE") String stage)
      throws Exception {
    return ServerQuestion.to(settings, spec).ask(VerbName.STAGE_STOP, List.of(stage), _ -> {});
  }

  @Command(description = "Starts a stage that was stopped.", mixinStandardHelpOptions = true)
  int start(@Mixin SettingsOptions settings, @Parameters(paramLabel = "STAGE") String stage)
      throws Exception {
    return ServerQuestion.to(settings, spec).ask(VerbName.STAGE_START, List.of(stage), _ -> {});
  }

  private static String text(StageStatus stage) {
    return String.format("%-20s %-8s %s%n", stage.name(), stage.state(), stage.description());
  }
}
