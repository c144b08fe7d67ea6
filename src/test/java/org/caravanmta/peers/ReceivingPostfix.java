package org.caravanmta.peers;

import java.io.IOException;
import java.nio.file.Path;
import org.caravanmta.Ports;

/// A {@link PrivatePostfix} as the server that mail is delivered to: it takes mail for anybody and
/// discards it. Its log says of each session what its TLS and login were.
public final class ReceivingPostfix implements AutoCloseable {
  private static final String SETTINGS =
      """
      myhostname = %1$s
      mydestination =
      alias_maps =
      local_recipient_maps =
      mynetworks = 127.0.0.0/8
      smtpd_peername_lookup = no
      default_transport = discard
      smtpd_relay_restrictions = %2$s
      smtpd_tls_chain_files = %3$s, %4$s
      smtpd_tls_loglevel = 1
      smtpd_tls_received_header = yes
      smtpd_tls_CAfile = %5$s
      smtpd_sasl_type = dovecot
      smtpd_sasl_path = %6$s
      smtpd_sasl_security_options = noanonymous
      smtpd_tls_session_cache_database =
      """;
  private static final String ANYBODY = "permit_mynetworks, reject";
  private static final String KNOWN = "permit_sasl_authenticated, reject";

  private final PrivatePostfix postfix;

  /// STARTTLS is offered, and not needed.
  public final int may;

  /// Nothing goes before STARTTLS (`smtpd_tls_security_level = encrypt`).
  public final int required;

  /// A certificate of the authority is needed, too (`smtpd_tls_req_ccert`).
  public final int certificates;

  /// A login is needed, which is offered inside TLS only (`smtpd_tls_auth_only`).
  public final int login;

  /// TLS at once (`smtpd_tls_wrappermode`), and a login.
  public final int submissions;

  /// No TLS at all.
  public final int none;

  private ReceivingPostfix(PrivatePostfix postfix, int[] ports) {
    this.postfix = postfix;
    this.none = postfix.port;
    this.may = ports[0];
    this.required = ports[1];
    this.certificates = ports[2];
    this.login = ports[3];
    this.submissions = ports[4];
  }

  /// One Postfix with a port for each of these.
  ///
  /// @param identity what it shows, for its hostname
  /// @param clients the PEM file of who vouches for clients
  /// @param auth the socket of Dovecot's auth, {@link PrivateDovecot#auth}
  public static ReceivingPostfix start(
      Path directory, String hostname, Identity identity, Path clients, Path auth)
      throws IOException {
    int[] ports = new int[5];
    for (int i = 0; i < ports.length; i++) {
      ports[i] = Ports.free();
    }
    String service = "127.0.0.1:%d inet n - n - - smtpd -o smtpd_tls_security_level=%s%s\n";
    String login = " -o smtpd_sasl_auth_enable=yes -o smtpd_relay_restrictions=$known";
    return new ReceivingPostfix(
        PrivatePostfix.start(
            directory,
            SETTINGS.formatted(hostname, ANYBODY, identity.key(), identity.chain(), clients, auth)
                + "known = "
                + KNOWN
                + "\n",
            service.formatted(ports[0], "may", "")
                + service.formatted(ports[1], "encrypt", "")
                + service.formatted(ports[2], "encrypt", " -o smtpd_tls_req_ccert=yes")
                + service.formatted(ports[3], "may", " -o smtpd_tls_auth_only=yes" + login)
                + service.formatted(ports[4], "encrypt", " -o smtpd_tls_wrappermode=yes" + login)),
        ports);
  }

  public String log() throws IOException {
    return postfix.log();
  }

  @Override
  public void close() {
    postfix.close();
  }
}
