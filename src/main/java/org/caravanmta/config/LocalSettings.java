package org.caravanmta.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.caravanmta.delivery.CatchAll;

/// The section `local`: what becomes of mail for our own users before it is in a mailbox.
public record LocalSettings(
    List<TableName> aliases,
    boolean expandOwner,
    String forward,
    List<String> allowCommands,
    List<String> allowFiles,
    String commandUser,
    Duration commandTimeout,
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
    RewritingSettings.known("allow-commands", allowCommands, SOURCES);
    RewritingSettings.known("allow-files", allowFiles, SOURCES);
    if (!forward.isEmpty() && !forward.contains("%u")) {
      throw new IllegalArgumentException("forward must contain %u, the user");
    }
    if (!mailbox.isEmpty() && !mailbox.contains("%u")) {
      throw new IllegalArgumentException("mailbox must contain %u, the user");
    }
    if (!commandUser.matches("[A-Za-z0-9_.-]*") || commandUser.equals("root")) {
      throw new IllegalArgumentException("command-user must be a user who is not root");
    }
    if (!commandTimeout.isPositive()) {
      throw new IllegalArgumentException("command-timeout must be longer than nothing");
    }
    if (!mailboxTransport.isEmpty()) {
      RoutingSettings.transport("mailbox-transport", mailboxTransport);
    }
    try {
      var _ = new CatchAll(catchAll);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "catch-all must be an address such as caught+$user: " + e.getMessage(), e);
    }
    if (!fallbackTransport.isEmpty()) {
      RoutingSettings.transport("fallback-transport", fallbackTransport);
    }
  }
}
