package org.caravanmta.tls.client;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Idn;
import org.caravanmta.tls.Strength;

/// What TLS with one server must be before it gets mail. Connections made by different policies are
/// never exchanged for each other.
///
/// @param level how much the server must prove
/// @param match what its certificate must match: for {@link SecurityLevel#FINGERPRINT} digests, for
///   {@link SecurityLevel#VERIFY} and {@link SecurityLevel#SECURE} names, of which `.example.org`
///   means any name below that domain; with {@link #dane} the names besides {@link #serverName}
///   that a certificate may be for (RFC 7672 §3.2.2); otherwise empty
/// @param serverName the name asked for in the handshake (RFC 6066 §3), an A-label; absent for none
/// @param strength the versions and ciphers that may be agreed on
/// @param dane the records that the certificate must match by DANE; at least one if the level is
///   {@link SecurityLevel#DANE} or {@link SecurityLevel#DANE_ONLY} and DANE is to be used,
///   otherwise empty
/// @param authorities a PEM file with the only authorities that count, in place of those of the
///   settings
/// @param reuse whether a connection may carry another message
/// @param trial what is only watched; absent for nothing
/// @param origin who says so
public record TlsPolicy(
    SecurityLevel level,
    List<String> match,
    Optional<String> serverName,
    Strength strength,
    List<TlsaRecord> dane,
    Optional<Path> authorities,
    boolean reuse,
    Optional<Trial> trial,
    Origin origin) {
  /// Mail in the clear.
  public static final TlsPolicy NONE = of(SecurityLevel.NONE, Strength.USUAL, Origin.SETTINGS);

  public TlsPolicy {
    match = List.copyOf(match);
    dane = List.copyOf(dane);
  }

  /// Without anything that is only watched.
  public TlsPolicy(
      SecurityLevel level,
      List<String> match,
      Optional<String> serverName,
      Strength strength,
      List<TlsaRecord> dane,
      Optional<Path> authorities,
      boolean reuse,
      Origin origin) {
    this(level, match, serverName, strength, dane, authorities, reuse, Optional.empty(), origin);
  }

  /// A policy with the authorities of the settings, whose connections may be used again.
  public TlsPolicy(
      SecurityLevel level,
      List<String> match,
      Optional<String> serverName,
      Strength strength,
      List<TlsaRecord> dane,
      Origin origin) {
    this(level, match, serverName, strength, dane, Optional.empty(), true, origin);
  }

  /// A policy of a level that needs nothing else to be said.
  public static TlsPolicy of(SecurityLevel level, Strength strength, Origin origin) {
    return new TlsPolicy(level, List.of(), Optional.empty(), strength, List.of(), origin);
  }

  /// The same with another level, because someone else says so.
  public TlsPolicy at(SecurityLevel changed, Origin by) {
    return new TlsPolicy(changed, match, serverName, strength, dane, authorities, reuse, trial, by);
  }

  /// The same, of a server that has to prove that it is this host.
  ///
  /// @param changed the level, which asks for a certificate
  public TlsPolicy proving(SecurityLevel changed, String host, Origin by) {
    String name = Idn.ascii(host);
    return at(changed, by).matching(List.of(name)).asking(name);
  }

  /// The same for these names or digests.
  public TlsPolicy matching(List<String> changed) {
    return new TlsPolicy(
        level, changed, serverName, strength, dane, authorities, reuse, trial, origin);
  }

  /// The same, asking for this name.
  public TlsPolicy asking(String name) {
    return new TlsPolicy(
        level, match, Optional.of(name), strength, dane, authorities, reuse, trial, origin);
  }

  /// The same with other versions and ciphers.
  public TlsPolicy with(Strength changed) {
    return new TlsPolicy(
        level, match, serverName, changed, dane, authorities, reuse, trial, origin);
  }

  /// The same with records to match.
  public TlsPolicy with(List<TlsaRecord> records) {
    return new TlsPolicy(
        level, match, serverName, strength, records, authorities, reuse, trial, origin);
  }

  /// The same, of a server of which it is watched what it proves; it is asked for by its name.
  public TlsPolicy watching(Trial watched) {
    return new TlsPolicy(
        level,
        match,
        Optional.of(watched.host()),
        strength,
        dane,
        authorities,
        reuse,
        Optional.of(watched),
        origin);
  }

  /// Whether no mail may go in the clear.
  public boolean isMandatory() {
    return level.isMandatory() || !dane.isEmpty();
  }

  /// What the log says of it: `secure@table`, `may`; nothing where the settings want no TLS.
  ///
  /// @param secured whether there is TLS
  public String shown(boolean secured) {
    if (origin == Origin.FALLBACK) {
      return "may:none@" + origin;
    }
    if (level == SecurityLevel.NONE && origin == Origin.SETTINGS) {
      return "";
    }
    return level
        + (secured || level == SecurityLevel.NONE ? "" : ":none")
        + (origin == Origin.SETTINGS ? "" : "@" + origin);
  }

  /// Who says what TLS must be.
  public enum Origin {
    /// The setting `delivery.tls.level`.
    SETTINGS("default"),
    /// A table of `delivery.tls.policies`.
    TABLE("table"),
    /// The TLSA records of the server (RFC 7672).
    DANE("dane"),
    /// The policy that the recipients' domain publishes (RFC 8461).
    MTA_STS("sts"),
    /// The sender, by REQUIRETLS or by a field `TLS-Required: No` (RFC 8689).
    SENDER("sender"),
    /// A login, which is made in TLS only.
    LOGIN("login"),
    /// Nobody: TLS that is wanted but need not be has failed with this server (RFC 7435 §5).
    FALLBACK("fallback");

    private final String word;

    Origin(String word) {
      this.word = word;
    }

    /// The word in the log.
    @Override
    public String toString() {
      return word;
    }
  }
}
