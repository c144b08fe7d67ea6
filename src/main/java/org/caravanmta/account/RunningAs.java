package org.caravanmta.account;

/// Whom this process runs as, as the system knows him.
public final class RunningAs {
  private static final boolean ROOT =
      ProcessHandle.current().info().user().filter("root"::equals).isPresent();

  private RunningAs() {}

  /// Whether it may become anybody else.
  public static boolean root() {
    return ROOT;
  }

  /// The name of the user.
  public static String name() {
    return System.getProperty("user.name", "");
  }
}
