package org.caravanmta.tls.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Our certificates (RFC 5280 §4.1), read again when their files have changed: a renewed one is
/// shown to the next client. Files that cannot be used leave those before them in force.
public final class Certificates {
  /// The files are looked at no more often than this.
  static final Duration LOOK = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

  private final List<Path> chains;
  private final List<Path> keys;
  private final InstantSource clock;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile List<ServerIdentity> current;
  private volatile Instant nextLook;
  // of the version in force or refused
  private String taken;

  /// @param chains files of certificates, ours first in each
  /// @param keys the file of the key for each chain, in the same order; none: with the certificates
  /// @throws IllegalArgumentException says which file, and what is wrong with it
  public Certificates(List<Path> chains, List<Path> keys, InstantSource clock) {
    if (chains.isEmpty()) {
      throw new IllegalArgumentException("there is no certificate");
    }
    this.chains = List.copyOf(chains);
    this.keys = List.copyOf(keys);
    this.clock = clock;
    this.taken = stamps();
    this.current = read();
    this.nextLook = clock.instant().plus(LOOK);
  }

  /// The identity for a client that asks for `host`; the first when none is for it, or it asks for
  /// none. May read files.
  ///
  /// @param keyType `RSA`, `EC`, `Ed25519`: what client and we have in common
  Optional<ServerIdentity> choose(Optional<String> host, String keyType) {
    look();
    List<ServerIdentity> usable =
        current.stream()
            .filter(identity -> identity.key().getAlgorithm().equalsIgnoreCase(keyType))
            .toList();
    // a client that asks for a name of ours is not shown another one because of the kind of key
    return host.filter(name -> current.stream().anyMatch(i -> covers(i, name)))
        .map(name -> usable.stream().filter(i -> covers(i, name)).findFirst())
        .orElseGet(() -> usable.stream().findFirst());
  }

  private static boolean covers(ServerIdentity identity, String host) {
    return CertificateNames.covers(identity.certificate(), host);
  }

  private void look() {
    Instant now = clock.instant();
    if (now.isBefore(nextLook) || !looking.tryLock()) {
      return;
    }
    try {
      nextLook = now.plus(LOOK);
      String found = stamps();
      if (!found.equals(taken)) {
        taken = found;
        current = read();
        LOG.info("tls.certificates: read again");
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("tls.certificates: {}; those before them stay in force", e.getMessage());
    } finally {
      looking.unlock();
    }
  }

  private List<ServerIdentity> read() {
    var identities = new ArrayList<ServerIdentity>();
    for (int i = 0; i < chains.size(); i++) {
      identities.add(
          ServerIdentity.read(
              chains.get(i), keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(i))));
    }
    return List.copyOf(identities);
  }

  /// What tells one version of the files from another.
  private String stamps() {
    var stamps = new StringBuilder();
    for (Path file : Stream.concat(chains.stream(), keys.stream()).toList()) {
      try {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        stamps.append(attributes.lastModifiedTime()).append(' ').append(attributes.size());
        stamps.append(' ').append(attributes.fileKey()).append('\n');
      } catch (IOException e) {
        stamps.append(e.getClass().getSimpleName()).append('\n');
      }
    }
    return stamps.toString();
  }
}
