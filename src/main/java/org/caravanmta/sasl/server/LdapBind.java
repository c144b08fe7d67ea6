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

/// Accounts in a directory: who can bind as an entry knows its password (RFC 4513 §5.1.3).
final class LdapBind implements Accounts {
  /// How long to wait for the directory, to connect and to answer.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String url;
  private final String entry;

  /// @param url `ldap://host` or `ldaps://host`
  /// @param entry the distinguished name of a user, with `%u` where the user's name is to be
  LdapBind(String url, String entry) {
    this.url = url;
    this.entry = entry;
  }

  @Override
  public Check check(String user, String password) {
    if (password.isEmpty()) {
      // such a bind is anonymous, and always good (RFC 4513 §5.1.2)
      return new Check.Wrong("no password");
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
      return new Check.Right(user);
    } catch (AuthenticationException | NameNotFoundException | InvalidNameException e) {
      return new Check.Wrong("wrong user or password");
    } catch (NamingException e) {
      return new Check.Unavailable("sasl.ldap: " + e);
    }
  }

  /// A directory keeps its passwords to itself.
  @Override
  public Keys keys(String user) {
    return new Keys.Absent();
  }
}
