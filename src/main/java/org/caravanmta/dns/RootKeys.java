package org.caravanmta.dns;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;

/// The keys of the root that we trust, or soon shall (RFC 5011): a key that a trusted one signs for
/// thirty days becomes trusted itself; one that revokes itself never is again. A value: what the
/// root shows makes another of it.
///
/// @param published the digests that we begin with; they count until a key is trusted
record RootKeys(List<DSRecord> published, List<Key> keys) {
  /// RFC 5011 §2.4.1.
  static final Duration HOLD_DOWN = Duration.ofDays(30);

  /// RFC 4034 §2.1.1, RFC 5011 §7.
  private static final int SECURE_ENTRY_POINT = 0x0001;

  private static final int REVOKED = 0x0080;

  /// How far a key has come (RFC 5011 §4.2).
  enum Phase {
    /// Seen, and not yet for long enough.
    PENDING,
    /// Trusted.
    VALID,
    /// Trusted, though it is not shown now.
    MISSING,
    /// Never trusted again.
    REVOKED
  }

  /// @param since when it has come so far
  record Key(DNSKEYRecord record, Phase phase, Instant since) {
    boolean trusted() {
      return phase == Phase.VALID || phase == Phase.MISSING;
    }
  }

  RootKeys {
    published = List.copyOf(published);
    keys = List.copyOf(keys);
  }

  /// The trusted keys; without any, those that have a published digest.
  List<Record> anchors() {
    List<Record> trusted = keys.stream().filter(Key::trusted).<Record>map(Key::record).toList();
    return trusted.isEmpty() ? List.<Record>copyOf(published) : trusted;
  }

  /// The keys after the root has shown these.
  ///
  /// @param shown its DNSKEY records and their signatures
  /// @return empty if no trusted key has signed them: they say nothing
  Optional<RootKeys> after(RRset shown, Instant now) {
    List<DNSKEYRecord> all =
        shown.rrs(false).stream()
            .filter(DNSKEYRecord.class::isInstance)
            .map(DNSKEYRecord.class::cast)
            .toList();
    if (all.stream().noneMatch(key -> isTrusted(key) && signed(shown, key, now))) {
      return Optional.empty();
    }
    var next = new ArrayList<Key>();
    for (Key known : keys) {
      known(known, all, shown, now).ifPresent(next::add);
    }
    for (DNSKEYRecord key : all) {
      boolean entry = (key.getFlags() & SECURE_ENTRY_POINT) != 0;
      if (entry && !isRevoked(key) && keys.stream().noneMatch(known -> same(known.record(), key))) {
        next.add(
            new Key(key, isPublished(key) && !anyTrusted() ? Phase.VALID : Phase.PENDING, now));
      }
    }
    return Optional.of(new RootKeys(published, next));
  }

  /// How far a known key has come; empty if it is forgotten.
  private static Optional<Key> known(Key known, List<DNSKEYRecord> all, RRset shown, Instant now) {
    Optional<DNSKEYRecord> seen = all.stream().filter(k -> same(k, known.record())).findFirst();
    boolean revoked = seen.isPresent() && isRevoked(seen.get()) && signed(shown, seen.get(), now);
    if (known.phase() == Phase.REVOKED) {
      return Optional.of(known);
    }
    if (revoked) {
      return known.trusted()
          ? Optional.of(new Key(known.record(), Phase.REVOKED, now))
          : Optional.empty();
    }
    if (seen.isEmpty() || isRevoked(seen.get())) {
      return switch (known.phase()) {
        case VALID -> Optional.of(new Key(known.record(), Phase.MISSING, now));
        case PENDING -> Optional.empty();
        case MISSING, REVOKED -> Optional.of(known);
      };
    }
    return switch (known.phase()) {
      case MISSING -> Optional.of(new Key(known.record(), Phase.VALID, now));
      case PENDING ->
          Optional.of(
              now.isBefore(known.since().plus(HOLD_DOWN))
                  ? known
                  : new Key(known.record(), Phase.VALID, now));
      case VALID, REVOKED -> Optional.of(known);
    };
  }

  private boolean anyTrusted() {
    return keys.stream().anyMatch(Key::trusted);
  }

  private boolean isTrusted(DNSKEYRecord key) {
    return !isRevoked(key)
        && (anyTrusted()
            ? keys.stream().anyMatch(known -> known.trusted() && same(known.record(), key))
            : isPublished(key) && keys.stream().noneMatch(known -> same(known.record(), key)));
  }

  private boolean isPublished(DNSKEYRecord key) {
    return published.stream()
        .anyMatch(
            digest ->
                digest.getFootprint() == key.getFootprint()
                    && digest.getAlgorithm() == key.getAlgorithm()
                    && Arrays.equals(
                        digest.getDigest(),
                        new DSRecord(Name.root, DClass.IN, 0, digest.getDigestID(), key)
                            .getDigest()));
  }

  private static boolean signed(RRset shown, DNSKEYRecord key, Instant now) {
    for (RRSIGRecord signature : shown.sigs()) {
      if (signature.getFootprint() == key.getFootprint()
          && signature.getAlgorithm() == key.getAlgorithm()) {
        try {
          DNSSEC.verify(shown, signature, key, now);
          return true;
        } catch (DNSSEC.DNSSECException e) {
          // another signature may be good
        }
      }
    }
    return false;
  }

  private static boolean isRevoked(DNSKEYRecord key) {
    return (key.getFlags() & REVOKED) != 0;
  }

  /// Whether two records are of one key: to revoke it changes its flags.
  private static boolean same(DNSKEYRecord one, DNSKEYRecord other) {
    return one.getAlgorithm() == other.getAlgorithm()
        && Arrays.equals(one.getKey(), other.getKey());
  }
}
