package org.caravanmta.mtasts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.caravanmta.address.Domain;
import org.caravanmta.address.Idn;
import org.caravanmta.dns.DnsAnswer;
import org.caravanmta.dns.DnsNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The policies of domains (RFC 8461 §3): asked for when mail goes to a domain, remembered for as
/// long as they hold, and read again when the domain's TXT record names another version, or once a
/// day while they are in use. Safe for use by several threads; blocks while a policy is read.
public final class MtaSts implements AutoCloseable {
  /// RFC 8461 §3.3.
  private static final Duration NOT_AGAIN = Duration.ofMinutes(5);

  /// How often a policy in use is read again though its version is the same, so that it does not
  /// expire (RFC 8461 §10.2).
  private static final Duration REFRESHED = Duration.ofDays(1);

  /// The most domains of which something is in memory.
  private static final int MANY = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(MtaSts.class);

  private record Failure(String id, Instant when, Published.Failed what) {}

  private final DnsNames names;
  private final PolicySource source;
  private final PolicyFiles files;
  private final InstantSource clock;
  private final Cache<String, Optional<KnownPolicy>> known =
      Caffeine.newBuilder().maximumSize(MANY).build();
  private final Cache<String, Failure> failures = Caffeine.newBuilder().maximumSize(MANY).build();
  private final ConcurrentMap<String, CompletableFuture<Published>> reading =
      new ConcurrentHashMap<>();
  private Optional<PolicySweep> sweep = Optional.empty();

  /// @param directory where policies are remembered
  public MtaSts(DnsNames names, PolicySource source, Path directory, InstantSource clock) {
    this.names = names;
    this.source = source;
    this.files = new PolicyFiles(directory);
    this.clock = clock;
  }

  /// What a domain publishes. A policy of the mode `none` is the same as none at all.
  public Published of(Domain domain) {
    if (domain.isLiteral()) {
      return new Published.Nothing();
    }
    String name = Idn.ascii(domain.name());
    Optional<KnownPolicy> kept = kept(name);
    Published now =
        switch (names.text("_mta-sts." + name)) {
          case DnsAnswer.Records<String> records ->
              StsRecord.id(records.records())
                  .map(id -> named(name, id, kept))
                  .orElseGet(() -> published(kept));
          case DnsAnswer.None<String> _, DnsAnswer.Unavailable<String> _ -> published(kept);
        };
    return now instanceof Published.Policy(KnownPolicy policy)
            && policy.policy().mode() == StsPolicy.Mode.NONE
        ? new Published.Nothing()
        : now;
  }

  /// Forgets what has expired.
  ///
  /// @return how many policies
  public int forgetExpired() {
    Instant now = clock.instant();
    known.asMap().values().removeIf(kept -> kept.filter(it -> it.expired(now)).isPresent());
    return files.forget(now);
  }

  /// From now on what has expired is forgotten in time.
  public synchronized void begin() {
    sweep = sweep.or(() -> Optional.of(new PolicySweep(this::forgetExpired)));
  }

  @Override
  public synchronized void close() {
    sweep.ifPresent(PolicySweep::close);
    source.close();
  }

  private Optional<KnownPolicy> kept(String name) {
    Instant now = clock.instant();
    return known.get(name, files::find).filter(policy -> !policy.expired(now));
  }

  private static Published published(Optional<KnownPolicy> kept) {
    return kept.<Published>map(Published.Policy::new).orElseGet(Published.Nothing::new);
  }

  /// @param id the version that the domain has now
  private Published named(String name, String id, Optional<KnownPolicy> kept) {
    boolean same = kept.map(policy -> policy.id().equals(id)).orElse(false);
    if (same && !stale(kept.get())) {
      return published(kept);
    }
    Failure before = failures.getIfPresent(name);
    if (before != null
        && before.id().equals(id)
        && clock.instant().isBefore(before.when().plus(NOT_AGAIN))) {
      return kept.<Published>map(Published.Policy::new).orElse(before.what());
    }
    if (same) {
      Thread.startVirtualThread(() -> read(name, id, kept));
      return published(kept);
    }
    return read(name, id, kept);
  }

  private boolean stale(KnownPolicy policy) {
    return !clock.instant().isBefore(policy.read().plus(REFRESHED));
  }

  /// Reads a policy, or waits for another thread that does.
  private Published read(String name, String id, Optional<KnownPolicy> kept) {
    var mine = new CompletableFuture<Published>();
    var other = reading.putIfAbsent(name, mine);
    if (other != null) {
      return other.join();
    }
    Published read = published(kept);
    try {
      read = fetched(name, id, kept);
      return read;
    } finally {
      reading.remove(name);
      mine.complete(read);
    }
  }

  private Published fetched(String name, String id, Optional<KnownPolicy> kept) {
    try {
      String text = source.read(name);
      var fresh = new KnownPolicy(id, clock.instant(), text, StsPolicy.parse(text));
      known.put(name, Optional.of(fresh));
      failures.invalidate(name);
      remember(name, fresh);
      return new Published.Policy(fresh);
    } catch (PolicySource.Refused e) {
      return failed(name, id, kept, Published.Kind.WEBPKI, e);
    } catch (IOException e) {
      return failed(name, id, kept, Published.Kind.FETCH_ERROR, e);
    } catch (IllegalArgumentException e) {
      return failed(name, id, kept, Published.Kind.INVALID, e);
    }
  }

  private Published failed(
      String name, String id, Optional<KnownPolicy> kept, Published.Kind kind, Exception why) {
    var failed = new Published.Failed(kind, String.valueOf(why.getMessage()));
    failures.put(name, new Failure(id, clock.instant(), failed));
    LOG.warn(
        "MTA-STS policy {} of {} cannot be read, {}: {}: {}",
        id,
        name,
        kept.isPresent() ? "the one read before holds" : "it counts as none",
        kind,
        failed.why());
    return kept.<Published>map(Published.Policy::new).orElse(failed);
  }

  private void remember(String name, KnownPolicy fresh) {
    try {
      files.keep(name, fresh);
    } catch (IOException e) {
      LOG.error("the MTA-STS policy of {} will not outlive a restart: {}", name, e.toString());
    }
  }
}
