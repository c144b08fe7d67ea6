package org.caravanmta.sasl.server;

/// Accounts that are not asked for a client whose logins as the same user have failed too often.
final class GuardedAccounts implements Accounts {
  private static final String TOO_MANY = "too many failed logins as this user from this client";

  private final Accounts accounts;
  private final LoginFailures failures;
  private final LoginFailures.Who client;

  GuardedAccounts(Accounts accounts, LoginFailures failures, LoginFailures.Who client) {
    this.accounts = accounts;
    this.failures = failures;
    this.client = client;
  }

  @Override
  public CredentialCheck check(String user, String password) {
    var who = client.as(user);
    if (!failures.begin(who)) {
      return new CredentialCheck.Unavailable(TOO_MANY);
    }
    CredentialCheck check = accounts.check(user, password);
    switch (check) {
      case CredentialCheck.Right _ -> failures.succeeded(who);
      case CredentialCheck.Unavailable _ -> failures.notFailed(who);
      case CredentialCheck.Wrong _ -> {}
    }
    return check;
  }

  /// A login by SCRAM counts as failed until {@link #proven} is called.
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
