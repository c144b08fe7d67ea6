package org.caravanmta.reception.session;

/// What a listener is for (RFC 5321 §2.1, RFC 6409 §3.1).
public enum Service {
  /// Mail from the internet and from own networks.
  SMTP("smtp"),
  /// Mail from our own users' programs: from trusted clients only, and completed with what the
  /// program has left out.
  SUBMISSION("submission"),
  /// The same over TLS from the first byte on (RFC 8314 §3.3).
  SUBMISSIONS("submissions"),
  /// Mail that a content filter gives back.
  REINJECTION("reinjection");

  private final String label;

  Service(String label) {
    this.label = label;
  }

  /// Whether it is for our own users, and for nobody else.
  boolean forUsers() {
    return switch (this) {
      case SUBMISSION, SUBMISSIONS -> true;
      case SMTP, REINJECTION -> false;
    };
  }

  /// As in the settings, the log and {@link org.caravanmta.message.Client#listener}.
  @Override
  public String toString() {
    return label;
  }
}
