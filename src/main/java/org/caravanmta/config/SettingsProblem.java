package org.caravanmta.config;

import java.util.List;

/// Says that nothing can be started with the settings given, and why: one line for each mistake,
/// `FILE:LINE: KEY: VALUE: what was expected`.
public final class SettingsProblem extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial")
  private final List<String> lines;

  SettingsProblem(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  /// One line for each mistake, in the order in which they were found.
  public List<String> lines() {
    return lines;
  }
}
