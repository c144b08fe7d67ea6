package org.caravanmta.mtasts;

/// What is known of a domain's policy now.
public sealed interface Published {
  /// The domain has none.
  record Nothing() implements Published {}

  /// The domain has one.
  record Policy(KnownPolicy known) implements Published {}

  /// The domain says that it has one, but it cannot be had, and none was known before.
  ///
  /// @param kind in the words of reports
  /// @param why for the log
  record Failed(Kind kind, String why) implements Published {}

  /// Why a policy cannot be had (RFC 8460 §4.3.2.2).
  enum Kind {
    /// The web server does not give it.
    FETCH_ERROR("sts-policy-fetch-error"),
    /// What it gives is not a policy.
    INVALID("sts-policy-invalid"),
    /// The web server cannot prove its name.
    WEBPKI("sts-webpki-invalid");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// The word in reports.
    @Override
    public String toString() {
      return word;
    }
  }
}
