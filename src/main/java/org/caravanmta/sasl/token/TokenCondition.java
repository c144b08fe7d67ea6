package org.caravanmta.sasl.token;

/// What is wrong with the token of one account, or soon will be.
///
/// @param why for the operator, without secrets
public record TokenCondition(Kind kind, String why) {
  /// What it means for mail.
  public enum Kind {
    /// There is no token: mail that needs it waits.
    ABSENT("mail that needs it waits"),
    /// There is one, but no other when it expires.
    NOT_REFRESHED("it is good for a while, and is not renewed"),
    /// There is one, but its refresh token is nowhere but in memory.
    NOT_SAVED("it is good"),
    /// It is good, but the operator has to renew something soon.
    EXPIRES("it is good until then");

    private final String effect;

    Kind(String effect) {
      this.effect = effect;
    }
  }

  @Override
  public String toString() {
    return why + "; " + kind.effect;
  }
}
