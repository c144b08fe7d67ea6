package org.caravanmta.tls.client;

/// What the certificate of a server is worth, in the words of Postfix's log (`TLS_README`), the
/// least first.
public enum Trust {
  /// There is none.
  ANONYMOUS("Anonymous"),
  /// Nobody that we trust vouches for it, or not for now.
  UNTRUSTED("Untrusted"),
  /// An authority that we trust vouches for it.
  TRUSTED("Trusted"),
  /// It is what the policy asks for.
  VERIFIED("Verified");

  private final String word;

  Trust(String word) {
    this.word = word;
  }

  @Override
  public String toString() {
    return word;
  }
}
