package org.caravanmta.submission;

/// The section `maildrop`: where programs of this machine post mail.
public record MaildropSettings(String directory) {
  public MaildropSettings {
    if (directory.isBlank()) {
      throw new IllegalArgumentException("directory must name a directory");
    }
  }
}
