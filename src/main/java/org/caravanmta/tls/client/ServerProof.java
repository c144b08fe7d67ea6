package org.caravanmta.tls.client;

import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.address.Idn;
import org.caravanmta.tls.CertificateNames;

/// Decides what the certificates that a server has shown are worth for a policy (RFC 5280 §6, RFC
/// 6125 §6, RFC 7672 §3).
final class ServerProof {
  /// Names of a certificate that are said, as a line of the log is read by people.
  private static final int MOST_NAMES = 5;

  private final Authorities authorities;
  private final FingerprintDigest digest;
  private final InstantSource clock;

  /// The authorities of policies that name their own.
  private final ConcurrentMap<Path, Authorities> named = new ConcurrentHashMap<>();

  ServerProof(Authorities authorities, FingerprintDigest digest, InstantSource clock) {
    this.authorities = authorities;
    this.digest = digest;
    this.clock = clock;
  }

  /// @param chain the server's own certificate first; empty if it has shown none
  /// @param host the name of the server that was called
  Proof of(List<X509Certificate> chain, TlsPolicy policy, String host) {
    if (chain.isEmpty()) {
      return Proof.lacking(
          Trust.ANONYMOUS, false, TlsProblem.VALIDATION_FAILURE, "no certificate was shown");
    }
    X509Certificate own = chain.getFirst();
    boolean isHost = CertificateNames.covers(own, Idn.ascii(host));
    List<TlsaRecord> records = policy.dane().stream().filter(TlsaRecord::isUsable).toList();
    if (!records.isEmpty()) {
      boolean wanted =
          Stream.concat(policy.serverName().stream(), policy.match().stream())
              .anyMatch(name -> matches(own, name));
      return DaneProof.of(chain, records, wanted, clock.instant());
    }
    return switch (policy.level()) {
      case FINGERPRINT -> byDigest(own, policy, isHost);
      case VERIFY, SECURE -> byName(chain, policy, isHost);
      case DANE_ONLY ->
          Proof.lacking(
              Trust.UNTRUSTED,
              isHost,
              TlsProblem.DANE_REQUIRED,
              "there is no TLSA record that can be used");
      case NONE, MAY, ENCRYPT, DANE -> watched(chain, policy, isHost);
    };
  }

  /// Of a server that need not prove anything.
  private Proof watched(List<X509Certificate> chain, TlsPolicy policy, boolean isHost) {
    var against = Chains.objection(chain, anchors(policy), clock.instant());
    Optional<Shortcoming> lacking =
        policy
            .trial()
            .flatMap(trial -> against.or(() -> otherHost(chain.getFirst(), List.of(trial.host()))));
    return new Proof(
        against.isPresent() ? Trust.UNTRUSTED : Trust.TRUSTED,
        isHost,
        Optional.empty(),
        against.map(Shortcoming::why).orElse(""),
        lacking);
  }

  private Proof byDigest(X509Certificate own, TlsPolicy policy, boolean isHost) {
    try {
      if (digest.matches(own, policy.match())) {
        return Proof.of(Trust.VERIFIED, true);
      }
      return Proof.lacking(
          Trust.UNTRUSTED,
          isHost,
          TlsProblem.VALIDATION_FAILURE,
          "the certificate has none of the digests of the policy");
    } catch (CertificateEncodingException e) {
      return Proof.lacking(
          Trust.UNTRUSTED, isHost, TlsProblem.VALIDATION_FAILURE, "a broken certificate: " + e);
    }
  }

  private Proof byName(List<X509Certificate> chain, TlsPolicy policy, boolean isHost) {
    var against = Chains.objection(chain, anchors(policy), clock.instant());
    if (against.isPresent()) {
      return Proof.lacking(Trust.UNTRUSTED, isHost, against.get().problem(), against.get().why());
    }
    return otherHost(chain.getFirst(), policy.match())
        .map(no -> Proof.lacking(Trust.TRUSTED, isHost, no.problem(), no.why()))
        .orElseGet(() -> Proof.of(Trust.VERIFIED, true));
  }

  /// What a certificate lacks that is for none of these names; absent if it is for one.
  private static Optional<Shortcoming> otherHost(X509Certificate own, List<String> names) {
    if (names.stream().anyMatch(name -> matches(own, name))) {
      return Optional.empty();
    }
    return Optional.of(
        new Shortcoming(
            TlsProblem.CERTIFICATE_HOST_MISMATCH,
            "the certificate is for "
                + some(CertificateNames.hosts(own))
                + ", not for "
                + String.join(", ", names)));
  }

  /// A hosting provider's certificate may have a hundred names.
  private static String some(Collection<String> names) {
    String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    return names.size() > MOST_NAMES
        ? first + " and " + (names.size() - MOST_NAMES) + " more"
        : first;
  }

  /// Whether a certificate is for a name of a policy, of which `.example.org` is any name below.
  private static boolean matches(X509Certificate own, String name) {
    if (!name.startsWith(".")) {
      return CertificateNames.covers(own, name);
    }
    String domain = name.toLowerCase(Locale.ROOT);
    return CertificateNames.hosts(own).stream()
        .anyMatch(host -> host.length() > domain.length() && host.endsWith(domain));
  }

  private Set<TrustAnchor> anchors(TlsPolicy policy) {
    return policy
        .authorities()
        .map(file -> named.computeIfAbsent(file, f -> Authorities.of(List.of(f), clock)))
        .orElse(authorities)
        .anchors();
  }
}
