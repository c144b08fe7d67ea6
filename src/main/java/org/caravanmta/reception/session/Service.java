package org.caravanmta.reception.session;

/// The service that a listener offers (RFC 5321 §2.1, RFC 6409 §3.1).
public enum Service {
  /// Takes mail from the internet and from our own networks.
  SMTP("smtp"),
  /// Takes mail from our own users' programs: from trusted clients only, and completed with what
  /// the program has left out (RFC 6409 §8).
  SUBMISSION("submission"),
  /// Like {@link #SUBMISSION}, with TLS from the first byte on (RFC 8314 §3.3).
  SUBMISSIONS("submissions"),
  /// Takes the mail that a content filter gives back.
  REINJECTION("reinjection");

  private final String label;

  Service(String label) {
    this.label = label;
  }

  /// Whether the service is for our own users only.
  boolean forUsers() {
    return switch (this) {
      case SUBMISSION, SUBMISSIONS -> true;
      case SMTP, REINJECTION -> false;
    };
  }

  /// The name in the settings, the routes, the log and {@link
  /// org.caravanmta.message.Client#listener}.
  @Override
  public String toString() {
    return label;
  }
}
