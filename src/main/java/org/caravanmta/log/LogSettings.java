package org.caravanmta.log;

/// The section `log`: how lines of the log are written.
///
/// @param format whose form they have
public record LogSettings(Format format) {
  public enum Format {
    /// Our own, with the time in UTC.
    CARAVAN,
    /// That of Postfix's lines in a syslog file.
    POSTFIX
  }
}
