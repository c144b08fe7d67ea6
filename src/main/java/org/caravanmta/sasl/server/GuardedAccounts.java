package org.caravanmta.sasl.server;

/// Accounts that are not asked by a client that has failed too often as the same user.
final class GuardedAccounts implements Accounts {
  private static final String TOO_MANY = "too many failed logins as this user from this client";

  private final Accounts accounts;
  private final Failures failures;
  private final Failures.Who client;

  GuardedAccounts(Accounts accounts, Failures failures, Failures.Who client) {
    this.accounts = accounts;
    this.failures = failures;
    this.client = client;
  }

  @Override
  public Check check(String user, String password) {
    var who = client.as(user);
    if (!failures.begin(who)) {
      return new Check.Unavailable(TOO_MANY);
    }
    Check check = accounts.check(user, password);
    switch (check) {
      case Check.Right _ -> failures.succeeded(who);
      case Check.Unavailable _ -> failures.notFailed(who);
      case Check.Wrong _ -> {}
    }
    return check;
  }

  /// A login by SCRAM counts as failed until {@link #proven}.
  @Override
  public Keys keys(String user) {
    var who = client.as(user);
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
    failures.succeeded(client.as(user));
    accounts.proven(user);
  }
}
