package org.caravanmta.config;

import java.util.List;

/// Settings that nothing can be started with: every mistake found, one line each, `FILE:LINE: KEY:
/// VALUE: what was expected`.
public final class SettingsProblem extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial")
  private final List<String> lines;

  SettingsProblem(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  public List<String> lines() {
    return lines;
  }
}
