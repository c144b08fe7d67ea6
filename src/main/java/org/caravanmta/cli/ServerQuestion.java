package org.caravanmta.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.control.ControlClient;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.Rows;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// What a command asks the server that runs on a data directory, and where it writes the answer.
record ServerQuestion(Path directory, PrintWriter out, PrintWriter err) {
  static ServerQuestion to(SettingsOptions settings, CommandSpec spec) throws SettingsProblem {
    CommandLine command = spec.commandLine();
    return new ServerQuestion(
        settings.read().data().directory(), command.getOut(), command.getErr());
  }

  /// @param rows writes the rows of the answer to {@link #out}
  /// @return the exit status
  /// @throws ControlProblem if there is no server, or its answer breaks off
  int ask(String verb, List<String> args, Rows rows) throws ControlProblem {
    try {
      return new ControlClient(directory)
          .ask(verb, args, rows, problem -> err.println("caravan: " + problem));
    } finally {
      out.flush();
      err.flush();
    }
  }
}
