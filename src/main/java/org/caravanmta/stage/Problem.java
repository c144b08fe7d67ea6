package org.caravanmta.stage;

import java.util.ArrayList;
import java.util.List;

/// Says why Caravan does not start, in lines for the operator, each of which names what is wrong
/// and where.
public final class Problem extends Exception {
  private static final long serialVersionUID = 1L;

  /// Characters of {@link #inOneLine}: enough for the messages of drivers and of Camel.
  private static final int LONGEST = 400;

  private final ArrayList<String> lines;

  public Problem(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = new ArrayList<>(lines);
  }

  public Problem(String line) {
    this(List.of(line));
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  /// The message of the innermost cause of a failure, on one line; the name of its class if it has
  /// no message.
  public static String inOneLine(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String message =
        root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    String line = message.strip().replaceAll("\\s+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }
}
