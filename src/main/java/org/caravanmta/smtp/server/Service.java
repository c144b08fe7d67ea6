package org.caravanmta.smtp.server;

/// What a listener is for (RFC 5321 §2.1, RFC 6409 §3.1).
public enum Service {
  /// Mail from the internet and from own networks.
  SMTP("smtp"),
  /// Mail from our own users' programs: from trusted clients only, and completed with what the
  /// program has left out.
  SUBMISSION("submission"),
  /// Mail that a content filter gives back.
  REINJECTION("reinjection");

  private final String label;

  Service(String label) {
    this.label = label;
  }

  /// As in the settings, the log and {@link org.caravanmta.message.Client#listener}.
  @Override
  public String toString() {
    return label;
  }
}
