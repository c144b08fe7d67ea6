package org.caravanmta.sasl.server;

import java.time.Duration;
import java.util.Properties;
import javax.naming.AuthenticationException;
import javax.naming.Context;
import javax.naming.InvalidNameException;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;
import javax.naming.ldap.Rdn;

/// Accounts in an LDAP directory: a password is right if one can bind with it as the user's entry
/// (RFC 4513 §5.1.3).
final class LdapBind implements Accounts {
  /// How long to wait for the directory, to connect and again to answer.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String url;
  private final String entry;

  /// @param url `ldap://host` or `ldaps://host`
  /// @param entry the distinguished name of a user's entry, with `%u` in place of the user's name
  LdapBind(String url, String entry) {
    this.url = url;
    this.entry = entry;
  }

  @Override
  public CredentialCheck check(String user, String password) {
    if (password.isEmpty()) {
      // RFC 4513 §5.1.2: a bind without a password succeeds, as it authenticates nobody
      return new CredentialCheck.Wrong("no password");
    }
    var environment = new Properties();
    environment.setProperty(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.ldap.LdapCtxFactory");
    environment.setProperty(Context.PROVIDER_URL, url);
    environment.setProperty(Context.SECURITY_AUTHENTICATION, "simple");
    environment.setProperty(Context.SECURITY_PRINCIPAL, entry.replace("%u", Rdn.escapeValue(user)));
    environment.setProperty(Context.SECURITY_CREDENTIALS, password);
    String millis = String.valueOf(PATIENCE.toMillis());
    environment.setProperty("com.sun.jndi.ldap.connect.timeout", millis);
    environment.setProperty("com.sun.jndi.ldap.read.timeout", millis);
    try {
      new InitialDirContext(environment).close();
      return new CredentialCheck.Right(user);
    } catch (AuthenticationException | NameNotFoundException | InvalidNameException e) {
      return new CredentialCheck.Wrong("wrong user or password");
    } catch (NamingException e) {
      return new CredentialCheck.Unavailable("sasl.ldap: " + e);
    }
  }

  /// Always absent: a directory does not show its passwords.
  @Override
  public Keys keys(String user) {
    return new Keys.Absent();
  }
}
