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

/// Puts a command's verbs to the server that runs on a data directory (`org.caravanmta.control`).
///
/// @param directory the data directory
/// @param out where the command writes the answer
/// @param err where lines about what was wrong are written
record ServerQuestion(Path directory, PrintWriter out, PrintWriter err) {
  /// To the server of the settings, for a command of the parser.
  static ServerQuestion to(SettingsOptions settings, CommandSpec spec) throws SettingsProblem {
    CommandLine command = spec.commandLine();
    return new ServerQuestion(
        settings.read().data().directory(), command.getOut(), command.getErr());
  }

  /// Puts one verb to the server.
  ///
  /// @param rows writes the rows of the answer to {@link #out}
  /// @return the exit status
  /// @throws ControlProblem if no server runs, or its answer breaks off
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
