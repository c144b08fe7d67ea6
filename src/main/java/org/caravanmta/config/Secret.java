package org.caravanmta.config;

/// A password in the settings: read like any text, but never written to a log, a message or a route
/// placeholder.
///
/// @param text the password itself; empty when there is none
public record Secret(String text) {
  @Override
  public String toString() {
    return text.isEmpty() ? "" : "(secret)";
  }
}
