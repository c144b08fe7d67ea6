package org.caravanmta.account;

/// The user that this process runs as, by the system's own word (`getuid(2)`).
public final class RunningAs {
  private static final boolean ROOT =
      ProcessHandle.current().info().user().filter("root"::equals).isPresent();

  private RunningAs() {}

  /// Whether the user is root, who may take the rights of others.
  public static boolean root() {
    return ROOT;
  }

  /// The name of the user.
  public static String name() {
    return System.getProperty("user.name", "");
  }
}
