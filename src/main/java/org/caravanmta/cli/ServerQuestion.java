package org.caravanmta.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.control.ControlClient;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.Rows;
import org.caravanmta.control.VerbName;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Puts a command's verbs to the server that runs on a data directory (`org.caravanmta.control`).
///
/// @param directory the data directory
/// @param here whether the question is for this node of a cluster alone
/// @param out where the command writes the answer
/// @param err where lines about what was wrong are written
record ServerQuestion(Path directory, boolean here, PrintWriter out, PrintWriter err) {
  /// The option that says so, of the commands that have it.
  static final String HERE = "--here";

  static final String ABOUT_HERE = "In a cluster, on this node alone; without it, on all nodes.";

  /// To the server of the settings, for a command of the parser.
  static ServerQuestion to(SettingsOptions settings, CommandSpec spec) throws SettingsProblem {
    CommandLine command = spec.commandLine();
    return new ServerQuestion(
        settings.read().data().directory(), isHere(spec), command.getOut(), command.getErr());
  }

  private static boolean isHere(CommandSpec spec) {
    ParseResult parsed = spec.root().commandLine().getParseResult();
    boolean here = parsed.hasMatchedOption(HERE);
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
      here |= parsed.hasMatchedOption(HERE);
    }
    return here;
  }

  /// Puts one verb to the server.
  ///
  /// @param rows writes the rows of the answer to {@link #out}
  /// @return the exit status
  /// @throws ControlProblem if no server runs, or its answer breaks off
  int ask(String verb, List<String> args, Rows rows) throws ControlProblem {
    try {
      return new ControlClient(directory)
          .ask(
              here ? VerbName.HERE + verb : verb,
              args,
              rows,
              problem -> err.println("caravan: " + problem));
    } finally {
      out.flush();
      err.flush();
    }
  }
}
