package org.caravanmta.delivery.program;

import java.time.Duration;
import java.util.List;
import org.caravanmta.config.Require;

/// The keys of the section `local` that say how commands are run (postfix `local(8)`).
///
/// @param commandTimeout how long a command may run (postfix `command_time_limit`)
/// @param exportEnvironment variables that commands get: a name, or `NAME=VALUE` (postfix
///   `export_environment`)
public record CommandSettings(Duration commandTimeout, List<String> exportEnvironment) {
  public CommandSettings {
    for (String variable : exportEnvironment) {
      if (!variable.matches("(?s)[A-Za-z_][A-Za-z0-9_]*(=.*)?")) {
        throw new IllegalArgumentException(
            "export-environment must list names or NAME=VALUE, was " + variable);
      }
    }
    Require.positive("command-timeout", commandTimeout);
  }
}
