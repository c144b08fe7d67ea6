package org.caravanmta.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Finds the settings file of this machine's Caravan when the command line does not name it
/// (postfix `postconf(5)`, `config_directory`, and MAIL_CONFIG): the file that CARAVAN_CONFIG
/// names, or else `/etc/caravan/caravan.yaml`, if the caller can read it.
final class Installed {
  static final String VARIABLE = "CARAVAN_CONFIG";
  private static final Path USUAL = Path.of("/etc/caravan/caravan.yaml");

  private Installed() {}

  static Optional<Path> settings() {
    return settings(System::getenv, USUAL);
  }

  /// The settings file; absent for the defaults. A file that the variable names need not be there:
  /// reading it then fails.
  static Optional<Path> settings(UnaryOperator<@Nullable String> environment, Path usual) {
    String named = environment.apply(VARIABLE);
    if (named != null && !named.isEmpty()) {
      return Optional.of(Path.of(named));
    }
    return Optional.of(usual).filter(Files::isReadable);
  }
}
