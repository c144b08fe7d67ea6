package org.caravanmta.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;

/// The mail server, as the commands `start` and `check` use it (postfix `postfix(1)`).
public interface Server {
  /// Runs the server until the process gets SIGTERM or SIGINT.
  ///
  /// @param routes the directory of the route files
  /// @throws Problem if it cannot start with these settings, tables or routes
  void run(Settings settings, Path routes) throws Problem, Exception;

  /// What is wrong with the settings, tables and routes, one line for each mistake; none if the
  /// server would start. No port, queue or database is opened.
  ///
  /// @param config the settings file, if there is one
  /// @param warning takes a line for each thing that should be mended, but does not keep the server
  ///   from starting
  List<String> check(
      Settings settings, Optional<Path> config, Path routes, Consumer<String> warning)
      throws Exception;
}
