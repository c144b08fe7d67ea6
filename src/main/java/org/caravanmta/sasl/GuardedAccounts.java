package org.caravanmta.sasl;

/// Accounts that are not asked about a user at whom somebody has guessed too often.
final class GuardedAccounts implements Accounts {
  private static final String TOO_MANY = "too many failed logins as this user";

  private final Accounts accounts;
  private final Failures failures;

  GuardedAccounts(Accounts accounts, Failures failures) {
    this.accounts = accounts;
    this.failures = failures;
  }

  @Override
  public Check check(String user, String password) {
    String who = Failures.user(user);
    if (!failures.begin(who)) {
      return new Check.Unavailable(TOO_MANY);
    }
    Check check = accounts.check(user, password);
    switch (check) {
      case Check.Right _, Check.Unavailable _ -> failures.notFailed(who);
      case Check.Wrong _ -> {}
    }
    return check;
  }

  /// A login by SCRAM counts as failed until {@link #proven}.
  @Override
  public Keys keys(String user) {
    String who = Failures.user(user);
    if (!failures.begin(who)) {
      return new Keys.Unavailable(TOO_MANY);
    }
    Keys keys = accounts.keys(user);
    switch (keys) {
      case Keys.Unavailable _ -> failures.notFailed(who);
      case Keys.Found _, Keys.Absent _ -> {}
    }
    return keys;
  }

  @Override
  public void proven(String user) {
    failures.notFailed(Failures.user(user));
    accounts.proven(user);
  }

  @Override
  public void close() {
    accounts.close();
  }
}
