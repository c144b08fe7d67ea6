package org.caravanmta.delivery.local;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.caravanmta.alias.ForwardPath;
import org.caravanmta.config.Require;
import org.caravanmta.message.NamedTransport;
import org.caravanmta.table.TableName;

/// The section `local`: what becomes of mail for our own users before it is in a mailbox.
public record LocalSettings(
    List<TableName> aliases,
    boolean expandOwner,
    boolean resetOwner,
    String forward,
    List<String> allowCommands,
    List<String> allowFiles,
    String commandUser,
    Duration commandTimeout,
    List<String> exportEnvironment,
    List<String> deliveredTo,
    boolean frozenDeliveredTo,
    String mailbox,
    boolean keepPostmaster,
    String mailboxTransport,
    List<TableName> mailboxTransports,
    String mailboxCommand,
    List<TableName> mailboxCommands,
    String fallbackTransport,
    List<TableName> fallbackTransports,
    String catchAll) {
  private static final Set<String> SOURCES = Set.of("alias", "forward", "include");

  public LocalSettings {
    Require.known("allow-commands", allowCommands, SOURCES);
    Require.known("allow-files", allowFiles, SOURCES);
    Require.known("delivered-to", deliveredTo, Set.of("command", "file", "forward"));
    for (String variable : exportEnvironment) {
      if (!variable.matches("(?s)[A-Za-z_][A-Za-z0-9_]*(=.*)?")) {
        throw new IllegalArgumentException(
            "export-environment must list names or NAME=VALUE, was " + variable);
      }
    }
    try {
      var _ = new ForwardPath(forward);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("forward " + e.getMessage(), e);
    }
    if (!mailbox.isEmpty() && !mailbox.contains("%u") && !mailbox.matches("\\$home/.+")) {
      throw new IllegalArgumentException("mailbox must contain %u, the user, or begin with $home/");
    }
    if (!commandUser.matches("[A-Za-z0-9_.-]*") || commandUser.equals("root")) {
      throw new IllegalArgumentException("command-user must be a user who is not root");
    }
    if (!commandTimeout.isPositive()) {
      throw new IllegalArgumentException("command-timeout must be longer than 0s");
    }
    if (!mailboxTransport.isEmpty()) {
      NamedTransport.require("mailbox-transport", mailboxTransport);
    }
    try {
      var _ = new CatchAll(catchAll);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "catch-all must be an address such as caught+$user, |command or /file: " + e.getMessage(),
          e);
    }
    if (!fallbackTransport.isEmpty()) {
      NamedTransport.require("fallback-transport", fallbackTransport);
    }
  }
}
