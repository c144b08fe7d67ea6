package org.caravanmta.delivery.local;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.caravanmta.config.Require;

/// Which commands are run and which files written for users, with whose rights: keys of the section
/// `local`.
public record CommandSettings(
    List<String> allowCommands,
    List<String> allowFiles,
    String commandUser,
    Duration commandTimeout,
    List<String> exportEnvironment) {
  private static final Set<String> SOURCES = Set.of("alias", "forward", "include");

  public CommandSettings {
    Require.known("allow-commands", allowCommands, SOURCES);
    Require.known("allow-files", allowFiles, SOURCES);
    for (String variable : exportEnvironment) {
      if (!variable.matches("(?s)[A-Za-z_][A-Za-z0-9_]*(=.*)?")) {
        throw new IllegalArgumentException(
            "export-environment must list names or NAME=VALUE, was " + variable);
      }
    }
    if (!commandUser.matches("[A-Za-z0-9_.-]*") || commandUser.equals("root")) {
      throw new IllegalArgumentException("command-user must be a user who is not root");
    }
    Require.positive("command-timeout", commandTimeout);
  }
}
