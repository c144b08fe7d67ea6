package org.caravanmta.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Where the settings of this machine's Caravan are when the command line does not say (postfix
/// `postconf(5)`, `config_directory`, and MAIL_CONFIG): the file that CARAVAN_CONFIG names, else
/// `/etc/caravan/caravan.yaml`, where there is one that the caller can read.
final class Installed {
  static final String VARIABLE = "CARAVAN_CONFIG";
  private static final Path USUAL = Path.of("/etc/caravan/caravan.yaml");

  private Installed() {}

  static Optional<Path> settings() {
    return settings(System::getenv, USUAL);
  }

  /// A file that the variable names is meant, even where there is none: that is said when it is
  /// read.
  static Optional<Path> settings(UnaryOperator<@Nullable String> environment, Path usual) {
    String named = environment.apply(VARIABLE);
    if (named != null && !named.isEmpty()) {
      return Optional.of(Path.of(named));
    }
    return Optional.of(usual).filter(Files::isReadable);
  }
}
