package org.caravanmta.cli;

import java.nio.file.Path;
import java.util.List;
import org.caravanmta.Problem;
import org.caravanmta.config.Settings;

/// The mail server as the command line sees it.
public interface Server {
  /// Runs until the process is told to end (SIGTERM, SIGINT), then returns.
  ///
  /// @param routes the directory of the route files
  /// @throws Problem if it cannot start with these settings, tables or routes
  void run(Settings settings, Path routes) throws Problem, Exception;

  /// What is wrong with the settings, tables and routes, a line each; empty when the server would
  /// start. Opens no port, no queue and no database.
  List<String> check(Settings settings, Path routes) throws Exception;
}
