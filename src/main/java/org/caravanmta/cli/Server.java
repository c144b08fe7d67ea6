package org.caravanmta.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;

/// The mail server as the command line sees it.
public interface Server {
  /// Runs until the process is told to end (SIGTERM, SIGINT), then returns.
  ///
  /// @param routes the directory of the route files
  /// @throws Problem if it cannot start with these settings, tables or routes
  void run(Settings settings, Path routes) throws Problem, Exception;

  /// What is wrong with the settings, tables and routes, a line each; empty when the server would
  /// start. Opens no port, no queue and no database.
  ///
  /// @param config the file of the settings, where there is one
  /// @param warning told what should be mended and keeps nothing from starting, a line each
  List<String> check(
      Settings settings, Optional<Path> config, Path routes, Consumer<String> warning)
      throws Exception;
}
