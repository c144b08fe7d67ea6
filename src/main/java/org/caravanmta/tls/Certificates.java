package org.caravanmta.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.caravanmta.config.FileStamp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Our certificates and their keys (RFC 5280 §4.1). The files are read again when they have
/// changed, so that a renewed certificate is shown to the next peer; if the new files cannot be
/// used, the certificates read before stay in force. Safe for use by several threads.
public final class Certificates {
  /// The files are checked for changes no more often than this.
  static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

  private final String key;
  private final List<Path> chains;
  private final List<Path> keys;
  private final InstantSource clock;
  private final ReentrantLock checking = new ReentrantLock();
  private volatile List<OwnIdentity> current;
  private volatile Instant nextCheck;

  /// The stamps of the files that were read last, whether they could be used or not.
  private String lastStamps;

  /// Reads the certificates.
  ///
  /// @param key the setting that names them, for the log
  /// @param chains the file of each certificate, which comes first, before the rest of its chain
  /// @param keys the file of the key for each chain, in the same order; if empty, the keys are in
  ///   the files of the chains
  /// @throws IllegalArgumentException names the file, and what is wrong with it
  public Certificates(String key, List<Path> chains, List<Path> keys, InstantSource clock) {
    if (chains.isEmpty()) {
      throw new IllegalArgumentException("there is no certificate");
    }
    this.key = key;
    this.chains = List.copyOf(chains);
    this.keys = List.copyOf(keys);
    this.clock = clock;
    this.lastStamps = stamps();
    this.current = read();
    this.nextCheck = clock.instant().plus(CHECK_INTERVAL);
  }

  /// Chooses the identity for a client. May read files.
  ///
  /// @param host the name that the client asks for, empty if none
  /// @param keyType the kind of key that the client and we have in common: `RSA`, `EC`, `Ed25519`
  /// @return the first one for `host`; if none is for it, or it is empty, the first with such a
  ///   key; empty if the one for `host` has another kind of key
  public Optional<OwnIdentity> choose(Optional<String> host, String keyType) {
    readIfChanged();
    List<OwnIdentity> usable =
        current.stream()
            .filter(identity -> identity.key().getAlgorithm().equalsIgnoreCase(keyType))
            .toList();
    // if the identity for this name has another kind of key, no other is shown instead
    return host.filter(name -> current.stream().anyMatch(i -> covers(i, name)))
        .map(name -> usable.stream().filter(i -> covers(i, name)).findFirst())
        .orElseGet(() -> usable.stream().findFirst());
  }

  /// All identities, in the order of the settings. May read files.
  public List<OwnIdentity> all() {
    readIfChanged();
    return current;
  }

  private static boolean covers(OwnIdentity identity, String host) {
    return CertificateNames.covers(identity.certificate(), host);
  }

  private void readIfChanged() {
    Instant now = clock.instant();
    if (now.isBefore(nextCheck) || !checking.tryLock()) {
      return;
    }
    try {
      nextCheck = now.plus(CHECK_INTERVAL);
      String found = stamps();
      if (!found.equals(lastStamps)) {
        lastStamps = found;
        current = read();
        LOG.info("{}: read again", key);
      }
    } catch (IllegalArgumentException e) {
      LOG.warn("{}: {}; those before them stay in force", key, e.getMessage());
    } finally {
      checking.unlock();
    }
  }

  private List<OwnIdentity> read() {
    var identities = new ArrayList<OwnIdentity>();
    for (int i = 0; i < chains.size(); i++) {
      identities.add(
          OwnIdentity.read(
              chains.get(i), keys.isEmpty() ? Optional.empty() : Optional.of(keys.get(i))));
    }
    return List.copyOf(identities);
  }

  private String stamps() {
    return FileStamp.of(Stream.concat(chains.stream(), keys.stream()).toList());
  }
}
