package org.caravanmta.event;

import java.net.InetAddress;
import java.util.Optional;
import org.caravanmta.tls.client.SecureChannel;
import org.caravanmta.tls.client.Shortcoming;
import org.caravanmta.tls.client.TlsPolicy;
import org.caravanmta.tls.client.TlsProblem;

/// What TLS with servers comes to: the facts that reports about it count (RFC 8460 §4.3), in the
/// words of Postfix's smtp unless a record says otherwise.
public sealed interface TlsEvent extends Event {
  Session session();

  /// What reports count the session as failed for (RFC 8460 §4.3); absent if it has not failed.
  /// Mail may have gone all the same.
  Optional<Shortcoming> shortcoming();

  /// A connection that was to be in TLS.
  ///
  /// @param policy what it was to be
  /// @param domain whose mail it was for: the next hop (RFC 8460 `policy-domain`)
  /// @param host the server's name (`receiving-mx-hostname`)
  /// @param relay the server, `host[address]:port`
  /// @param server its address (`receiving-ip`); absent for a socket in the file system
  /// @param from the address of ours (`sending-mta-ip`); absent if that is not known
  /// @param helo the name that the server gave itself (`receiving-mx-helo`); empty if none
  record Session(
      TlsPolicy policy,
      String domain,
      String host,
      String relay,
      Optional<InetAddress> server,
      Optional<InetAddress> from,
      String helo) {
    /// `tlsa`, `sts`, or `no-policy-found` (RFC 8460 §4.4).
    public String policyType() {
      if (policy.trial().isPresent()) {
        return "sts";
      }
      return switch (policy.origin()) {
        case DANE -> "tlsa";
        case MTA_STS -> "sts";
        case SETTINGS, TABLE, SENDER, FALLBACK, LOGIN -> "no-policy-found";
      };
    }
  }

  /// It is: `Trusted TLS connection established to`.
  record Established(Session session, SecureChannel channel) implements TlsEvent {
    @Override
    public Optional<Shortcoming> shortcoming() {
      return session
          .policy()
          .trial()
          .flatMap(trial -> trial.against().or(channel.proof()::watched));
    }
  }

  /// It is in the clear, as its policy allows: because the server does not offer TLS, or because
  /// TLS with it has failed, now or before; ours alone.
  record Unencrypted(Session session) implements TlsEvent {
    @Override
    public Optional<Shortcoming> shortcoming() {
      return session
          .policy()
          .trial()
          .map(
              trial ->
                  trial
                      .against()
                      .orElse(
                          new Shortcoming(
                              TlsProblem.STARTTLS_NOT_SUPPORTED, "TLS is not offered")));
    }
  }

  /// It is not: `Cannot start TLS`.
  ///
  /// @param detail more about the problem
  /// @param clear whether the server is called again in the clear
  record Failed(Session session, TlsProblem problem, String detail, boolean clear)
      implements TlsEvent {
    @Override
    public Optional<Shortcoming> shortcoming() {
      return Optional.of(new Shortcoming(problem, detail));
    }
  }

  /// No connection was tried, because what the domain publishes cannot be met; ours alone.
  record Forbidden(Session session, TlsProblem problem, String detail) implements TlsEvent {
    @Override
    public Optional<Shortcoming> shortcoming() {
      return Optional.of(new Shortcoming(problem, detail));
    }
  }
}
