package org.caravanmta.tls.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.caravanmta.config.FileStamp;
import org.caravanmta.config.FileTrouble;
import org.caravanmta.config.WrongSetting;
import org.caravanmta.tls.OwnIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certification authorities that we trust to vouch for servers (RFC 5280 §6.1; postfix
/// `smtp_tls_CAfile`, `smtp_tls_CApath`). Their files are read again when they have changed.
final class Authorities {
  /// Where systems keep the authorities that they trust, the first that is there.
  private static final List<Path> SYSTEM =
      Stream.of(
              "/etc/ssl/certs/ca-certificates.crt",
              "/etc/pki/tls/certs/ca-bundle.crt",
              "/etc/ssl/ca-bundle.pem",
              "/etc/ssl/cert.pem")
          .map(Path::of)
          .toList();

  private static final Duration CHECK_INTERVAL = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(Authorities.class);

  private final List<Path> files;
  private final InstantSource clock;
  private Set<TrustAnchor> anchors = Set.of();
  private Instant nextCheck = Instant.MIN;
  private String lastStamp = "";

  private Authorities(List<Path> files, InstantSource clock) {
    this.files = List.copyOf(files);
    this.clock = clock;
  }

  /// Those of the settings.
  ///
  /// @throws WrongSetting names a file that cannot be used, and what is wrong with it
  static Authorities of(ClientTlsSettings own, InstantSource clock) {
    try {
      return of(own.authorities(), clock);
    } catch (IllegalArgumentException e) {
      throw new WrongSetting("delivery.tls.authorities", String.valueOf(e.getMessage()), e);
    }
  }

  /// Reads files.
  ///
  /// @param files PEM files, or directories of them; none: those of the system, when they are first
  ///   asked for
  /// @throws IllegalArgumentException names the file, and what is wrong with it
  static Authorities of(List<Path> files, InstantSource clock) {
    var authorities = new Authorities(files, clock);
    if (!files.isEmpty()) {
      authorities.anchors = authorities.read();
      authorities.lastStamp = FileStamp.of(files);
      authorities.nextCheck = clock.instant().plus(CHECK_INTERVAL);
    }
    return authorities;
  }

  /// Those that we trust now. May read files.
  synchronized Set<TrustAnchor> anchors() {
    Instant now = clock.instant();
    if (!now.isBefore(nextCheck)) {
      nextCheck = now.plus(CHECK_INTERVAL);
      String stamp = FileStamp.of(files.isEmpty() ? SYSTEM : files);
      if (!stamp.equals(lastStamp)) {
        lastStamp = stamp;
        try {
          anchors = read();
        } catch (IllegalArgumentException e) {
          LOG.warn("delivery.tls.authorities: {}; those before them count on", e.getMessage());
        }
      }
    }
    return anchors;
  }

  private Set<TrustAnchor> read() {
    Stream<X509Certificate> found =
        files.isEmpty() ? system().stream() : files.stream().flatMap(file -> in(file).stream());
    return found.map(each -> new TrustAnchor(each, null)).collect(Collectors.toUnmodifiableSet());
  }

  private static Set<X509Certificate> in(Path file) {
    if (!Files.isDirectory(file)) {
      return Set.copyOf(OwnIdentity.certificates(file));
    }
    try (Stream<Path> inside = Files.list(file)) {
      var found = new HashSet<X509Certificate>();
      // a directory of OpenSSL's has each certificate once more, as a link named by its hash
      for (Path each : inside.filter(Files::isRegularFile).toList()) {
        if (each.toString().matches(".*\\.(pem|crt|cer|[0-9]+)")) {
          found.addAll(OwnIdentity.certificates(each));
        }
      }
      if (found.isEmpty()) {
        throw new IllegalArgumentException(file + " holds no certificate in PEM form");
      }
      return found;
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + FileTrouble.of(e), e);
    }
  }

  private static Set<X509Certificate> system() {
    Path bundle =
        SYSTEM.stream()
            .filter(Files::isReadable)
            .findFirst()
            .orElse(Path.of(System.getProperty("java.home"), "lib", "security", "cacerts"));
    try {
      return bundle.endsWith("cacerts") ? ofJava(bundle) : ofBundle(bundle);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(bundle + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Set<X509Certificate> ofBundle(Path bundle)
      throws IOException, GeneralSecurityException {
    var found = new HashSet<X509Certificate>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(bundle))) {
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        found.add((X509Certificate) each);
      }
    }
    return found;
  }

  private static Set<X509Certificate> ofJava(Path store)
      throws IOException, GeneralSecurityException {
    var keys = KeyStore.getInstance(store.toFile(), (char[]) null);
    var found = new HashSet<X509Certificate>();
    for (String alias : Collections.list(keys.aliases())) {
      if (keys.getCertificate(alias) instanceof X509Certificate certificate) {
        found.add(certificate);
      }
    }
    return found;
  }
}
