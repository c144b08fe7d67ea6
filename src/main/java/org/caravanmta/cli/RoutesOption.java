package org.caravanmta.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option `--routes`, which says what route files a command works with.
final class RoutesOption {
  /// The system property that the launcher sets: the directory of the installation.
  static final String HOME = "caravan.home";

  @Option(
      names = "--routes",
      paramLabel = "DIR",
      description =
          "The route files, *.camel.yaml and *.camel.xml; by default routes/ of the installation,"
              + " else ./routes.")
  private @Nullable Path routes;

  /// The directory of the route files.
  Path directory() {
    if (routes != null) {
      return routes;
    }
    String home = System.getProperty(HOME);
    return home == null ? Path.of("routes") : Path.of(home, "routes");
  }
}
