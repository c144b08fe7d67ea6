package org.caravanmta.cli;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.control.ControlClient;
import org.caravanmta.control.ControlProblem;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// What a command asks the server that runs on a data directory.
record ServerQuestion(Path directory, CommandLine command) {
  static ServerQuestion to(SettingsOptions settings, CommandSpec spec) throws SettingsProblem {
    return new ServerQuestion(settings.read().data().directory(), spec.commandLine());
  }

  /// @return the exit status
  int ask(String verb, List<String> args) throws ControlProblem {
    return new ControlClient(directory).ask(verb, args, command.getOut(), command.getErr());
  }

  int ask(String verb, String... args) throws ControlProblem {
    return ask(verb, List.of(args));
  }
}
