package org.caravanmta.reception;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.reception.session.Reception;
import org.caravanmta.reception.session.Security;
import org.caravanmta.reception.session.Service;
import org.caravanmta.sasl.server.Authenticator;
import org.caravanmta.sasl.server.DovecotAuth;
import org.caravanmta.sasl.server.LoginFailures;
import org.caravanmta.sasl.server.Logins;
import org.caravanmta.sasl.server.SaslSettings;
import org.caravanmta.tls.CertificateFiles;
import org.caravanmta.tls.Certificates;
import org.caravanmta.tls.server.ClientAuthorities;
import org.caravanmta.tls.server.ServerTls;
import org.caravanmta.tls.server.TlsLevel;
import org.caravanmta.tls.server.TlsSettings;

/// All {@link Listener}s of the server, each with its TLS (RFC 3207) and its logins (RFC 4954) as
/// the settings have them.
final class Listeners implements AutoCloseable {
  /// How long Dovecot may take to answer a login; it delays the answer to a wrong one on purpose.
  private static final Duration DOVECOT_TIMEOUT = Duration.ofSeconds(60);

  /// The sections of the settings that are about listeners.
  record Sections(ListenersSettings listeners, TlsSettings tls, SaslSettings sasl) {}

  private final Sections own;
  private final Optional<Authenticator> authenticator;
  private final LoginFailures failures;
  private final InstantSource clock;

  /// @throws IllegalArgumentException for users whose setting or file cannot be used; it names
  ///   which, and why
  Listeners(Sections own, InstantSource clock) {
    this.own = own;
    var sasl = own.sasl();
    this.failures = new LoginFailures(sasl.failures(), clock);
    this.clock = clock;
    this.authenticator =
        sasl.knowsUsers() ? Optional.of(authenticator(sasl, failures, clock)) : Optional.empty();
  }

  /// A bean for each listener, by its name in the routes; also for listeners that are not enabled.
  ///
  /// @throws IllegalArgumentException for certificates that cannot be used, or are missing; it
  ///   names the section, and why
  Map<String, Object> beans(Reception reception) {
    var beans = new LinkedHashMap<String, Object>();
    var listeners = own.listeners();
    add(beans, reception, Service.SMTP, listeners.smtp());
    add(beans, reception, Service.SUBMISSION, listeners.submission());
    add(beans, reception, Service.SUBMISSIONS, listeners.submissions());
    add(beans, reception, Service.REINJECTION, listeners.reinjection());
    return beans;
  }

  @Override
  public void close() {
    authenticator.ifPresent(Authenticator::close);
  }

  private void add(
      Map<String, Object> beans, Reception reception, Service service, ListenerSettings listener) {
    // a listener that is not enabled needs no certificate
    Security security = listener.enabled() ? security(service, listener) : Security.NONE;
    beans.put(service.toString(), new Listener(service, reception, security));
  }

  private Security security(Service service, ListenerSettings listener) {
    var sasl = own.sasl();
    Optional<Security.Logins> logins =
        listener.auth() == ListenerSettings.Auth.NONE
            ? Optional.empty()
            : authenticator.map(
                users ->
                    new Security.Logins(
                        users,
                        sasl.plaintext(),
                        listener.auth() != ListenerSettings.Auth.MAY,
                        failures));
    Optional<ServerTls> tls =
        tls("listeners." + service, listener.tls(), listener.files())
            .or(() -> tls("tls", listener.tls(), own.tls().files()));
    return new Security(listener.tls(), tls, logins);
  }

  private Optional<ServerTls> tls(String section, TlsLevel level, CertificateFiles files) {
    if (files.certificates().isEmpty()) {
      return Optional.empty();
    }
    TlsSettings tls = own.tls();
    try {
      return Optional.of(
          new ServerTls(
              new Certificates(section, files.certificates(), files.keys(), clock),
              level.needsCertificate()
                  ? tls.strength().mandatory()
                  : tls.strength().opportunistic(),
              tls.askClientCertificate(),
              new ClientAuthorities(tls.clientAuthorities()),
              tls.handshakeTimeout()));
    } catch (IllegalArgumentException e) {
      throw new WrongSetting(section, String.valueOf(e.getMessage()), e);
    }
  }

  private static Authenticator authenticator(
      SaslSettings sasl, LoginFailures failures, InstantSource clock) {
    if (sasl.dovecot().isPresent()) {
      return new DovecotAuth(sasl.dovecot().get(), sasl.mechanisms(), DOVECOT_TIMEOUT);
    }
    return Logins.of(sasl, failures, clock);
  }
}
