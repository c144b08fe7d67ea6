package org.caravanmta.sasl.token;

/// Says why there is no token, in words without secrets.
final class TokenTrouble extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean lasting;

  private TokenTrouble(String why, boolean lasting) {
    super(why, null, false, false);
    this.lasting = lasting;
  }

  /// It may be better next time.
  static TokenTrouble passing(String why) {
    return new TokenTrouble(why, false);
  }

  /// It will not be better until the operator does something.
  static TokenTrouble lasting(String why) {
    return new TokenTrouble(why, true);
  }

  boolean isLasting() {
    return lasting;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
