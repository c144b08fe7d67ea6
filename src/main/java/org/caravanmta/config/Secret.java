package org.caravanmta.config;

/// A password: bound like any text, but never written into a log, a message or a route placeholder.
public record Secret(String text) {
  @Override
  public String toString() {
    return text.isEmpty() ? "" : "(secret)";
  }
}
