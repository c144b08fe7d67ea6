package org.caravanmta.stage;

import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.config.Places;
import org.caravanmta.config.WrongSetting;

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

  /// What a failure comes down to, with the place of the setting that is to be mended, if it is
  /// one.
  public static Problem at(Places places, Exception failure) {
    return new Problem(
        WrongSetting.in(failure).map(places::of).orElseGet(() -> places.naming(inWords(failure))));
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  /// What a failure comes down to, folded into one line: the innermost message of a chain of causes
  /// that is for the operator, which is that of an {@link IllegalArgumentException}; else the
  /// innermost.
  public static String inOneLine(Throwable failure) {
    Throwable told = told(failure);
    return folded(told.getMessage() == null ? told.getClass().getSimpleName() : told.getMessage());
  }

  private static Throwable told(Throwable failure) {
    Throwable told = failure;
    for (Throwable here = failure;
        here.getCause() != null && here.getCause() != here;
        here = here.getCause()) {
      Throwable cause = here.getCause();
      if (cause instanceof IllegalArgumentException
          || !(told instanceof IllegalArgumentException)) {
        told = cause;
      }
    }
    return told;
  }

  /// As {@link #inOneLine}; a file is said with what is wrong with it, not by its name alone.
  private static String inWords(Throwable failure) {
    return told(failure) instanceof FileSystemException e
        ? folded(e.getFile() + ": " + FileTrouble.of(e))
        : inOneLine(failure);
  }

  private static String folded(String message) {
    String line = message.strip().replaceAll("\\s+", " ");
    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
  }
}
