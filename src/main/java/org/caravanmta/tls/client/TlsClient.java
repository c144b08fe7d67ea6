package org.caravanmta.tls.client;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.tls.Certificates;

/// The client's side of TLS (RFC 8446 §2): makes engines for connections, and judges what servers
/// have shown. A handshake is finished with whatever certificate the server shows; what that is
/// worth is decided after it by {@link #judge}, for a resumed session as for a new one.
public final class TlsClient {
  private static final String KEY = "delivery.tls.";

  /// In seconds (RFC 8446 §4.6.1 allows a week): a session that stands longer would show a
  /// certificate that has been replaced.
  private static final int SESSION_LIFETIME = 3600;

  private static final int MOST_SESSIONS = 2000;

  /// A name that may be asked for (RFC 6066 §3): not an address.
  private static final Pattern HOST =
      Pattern.compile(
          "(?=.*[A-Za-z])[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");

  private final SSLContext context;
  private final ServerProof proof;
  private final List<String> groups;
  private final Duration timeout;

  /// Reads certificates, keys and authorities.
  ///
  /// @throws WrongSetting names the setting, the file, and what is wrong with it
  public TlsClient(ClientTlsSettings own, InstantSource clock) {
    Authorities authorities = Authorities.of(own, clock);
    Optional<Certificates> certificates =
        own.files().certificates().isEmpty()
            ? Optional.empty()
            : Optional.of(
                checked(
                    "certificates",
                    () ->
                        new Certificates(
                            "delivery.tls",
                            own.files().certificates(),
                            own.files().keys(),
                            clock)));
    this.proof = new ServerProof(authorities, own.fingerprintDigest(), clock);
    this.groups = List.copyOf(own.groups());
    this.timeout = own.handshakeTimeout();
    try {
      this.context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {new ClientKeys(certificates)}, new TrustManager[] {ANY_SERVER}, null);
      context.getClientSessionContext().setSessionTimeout(SESSION_LIFETIME);
      context.getClientSessionContext().setSessionCacheSize(MOST_SESSIONS);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
    }
    checked("groups", this::requireGroups);
  }

  private interface Making<T> {
    T make();
  }

  private static <T> T checked(String key, Making<T> making) {
    try {
      return making.make();
    } catch (IllegalArgumentException e) {
      throw new WrongSetting(KEY + key, String.valueOf(e.getMessage()), e);
    }
  }

  private boolean requireGroups() {
    var known = Set.of(context.getSupportedSSLParameters().getNamedGroups());
    for (String group : groups) {
      if (!known.contains(group)) {
        throw new IllegalArgumentException(
            "\"" + group + "\" is none of " + String.join(", ", known.stream().sorted().toList()));
      }
    }
    return true;
  }

  /// How long STARTTLS and a handshake may take.
  public Duration timeout() {
    return timeout;
  }

  /// An engine for one connection. A session is resumed only with the same server by the same
  /// policy.
  ///
  /// @param server who is called, as nobody else is
  public SSLEngine engine(TlsPolicy policy, String server) {
    SSLEngine engine = context.createSSLEngine(session(policy, server), 1);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(policy.strength().protocols().names().toArray(String[]::new));
    parameters.setCipherSuites(
        known(policy.strength().ciphers().names(), engine.getSupportedCipherSuites()));
    if (!groups.isEmpty()) {
      parameters.setNamedGroups(groups.toArray(String[]::new));
    }
    parameters.setServerNames(
        policy.serverName().filter(name -> HOST.matcher(name).matches()).stream()
            .<SNIServerName>map(SNIHostName::new)
            .toList());
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// What a finished handshake has come to.
  ///
  /// @param host the name of the server that was called
  public SecureChannel judge(SSLEngine engine, TlsPolicy policy, String host) {
    var session = engine.getSession();
    return SecureChannel.of(session, proof.of(SecureChannel.chain(session), policy, host));
  }

  /// The name under which Java keeps a session. It is never sent.
  private static String session(TlsPolicy policy, String server) {
    return server + "/" + policy;
  }

  private static String[] known(List<String> wanted, String[] supported) {
    var all = Set.of(supported);
    return wanted.stream().filter(all::contains).toArray(String[]::new);
  }

  /// Lets every server finish the handshake.
  private static final X509ExtendedTrustManager ANY_SERVER =
      new X509ExtendedTrustManager() {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
          throw new IllegalStateException("we are the client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
          throw new IllegalStateException("we are the client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
          throw new IllegalStateException("we are the client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
          return new X509Certificate[0];
        }
      };
}
