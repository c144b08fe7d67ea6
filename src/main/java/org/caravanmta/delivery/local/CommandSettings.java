package org.caravanmta.delivery.local;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.caravanmta.config.Require;

/// The keys of the section `local` that say which commands are run and which files are written for
/// users, and with whose rights (postfix `local(8)`).
///
/// @param allowCommands where `|command` may stand: `alias`, `forward`, `include` (postfix
///   `allow_mail_to_commands`)
/// @param allowFiles where `/file` may stand: the same words (postfix `allow_mail_to_files`)
/// @param commandUser the user with whose rights the operator's commands run, never root; empty for
///   none, and then their mail waits (postfix `default_privs`)
/// @param commandTimeout how long a command may run (postfix `command_time_limit`)
/// @param exportEnvironment variables that commands get: a name, or `NAME=VALUE` (postfix
///   `export_environment`)
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
