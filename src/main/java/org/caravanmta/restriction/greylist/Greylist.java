package org.caravanmta.restriction.greylist;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.caravanmta.policy.Case;
import org.caravanmta.policy.Verdict;
import org.caravanmta.smtp.Reply;
import org.caravanmta.state.ReturningClients;
import org.caravanmta.state.StateUnavailable;
import org.caravanmta.state.Triplet;
import org.caravanmta.state.Triplets;
import org.caravanmta.table.Search;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Defers the first attempt of an unknown client, sender and recipient (RFC 6647 §2.4), until the
/// client has come back often enough to be known for a mail server.
public final class Greylist {
  /// A triplet in use is written again no more often than this.
  private static final Duration REFRESH = Duration.ofHours(1);

  /// How long, and of how many, it is remembered in this process that they are mail servers: most
  /// questions are about those.
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private static final int MOST_REMEMBERED = 10_000;

  /// How often expired triplets are removed, and how many at one time.
  private static final Duration SWEEP = Duration.ofMinutes(1);

  private static final int SWEPT = 500;

  /// How often a dead database is told of.
  private static final Duration COMPLAINT = Duration.ofMinutes(1);

  /// How long a database that did not answer is left alone: each question to it may cost a second.
  private static final Duration REST = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Greylist.class);

  private final Greylisting settings;
  private final Exemptions exemptions;
  private final Triplets seen;
  private final ReturningClients returns;
  private final InstantSource clock;
  private final Cache<String, Boolean> servers;
  private final AtomicReference<Instant> nextSweep = new AtomicReference<>(Instant.MIN);
  private final AtomicReference<Instant> nextComplaint = new AtomicReference<>(Instant.MIN);
  private volatile Instant restUntil = Instant.MIN;

  public Greylist(Greylisting settings, Exemptions exemptions, Triplets seen, InstantSource clock) {
    this.settings = settings;
    this.exemptions = exemptions;
    this.seen = seen;
    this.returns = seen.returns();
    this.clock = clock;
    this.servers =
        Caffeine.newBuilder()
            .maximumSize(MOST_REMEMBERED)
            .expireAfterWrite(REMEMBERED)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
  }

  public Case check(Case c) {
    return c.ifRecipient(
        rcpt -> settings.enabled() && concerns(rcpt) ? rcpt.decided(ask(rcpt)) : rcpt);
  }

  /// Recipients that the relay list has not vouched for are refused anyway, and not worth
  /// remembering.
  private static boolean concerns(Case.Rcpt rcpt) {
    return rcpt.open() && rcpt.vouched() && !rcpt.client().trusted();
  }

  private Verdict ask(Case.Rcpt rcpt) {
    Instant now = clock.instant();
    if (now.isBefore(restUntil) || isExempt(rcpt, now)) {
      return Verdict.UNDECIDED;
    }
    var triplet = Triplet.of(rcpt.client().address(), rcpt.sender(), rcpt.recipient());
    try {
      sweep(now);
      return isServer(triplet.network(), now) || isKnown(triplet, now)
          ? Verdict.UNDECIDED
          : new Verdict.Defer(
              Reply.of(
                  450,
                  "4.2.0",
                  "<" + rcpt.recipient() + ">: Recipient address rejected: Greylisted"));
    } catch (StateUnavailable e) {
      restUntil = now.plus(REST);
      if (isDue(nextComplaint, now, COMPLAINT)) {
        LOG.warn(
            "greylist: nobody is deferred while its database is unavailable: {}", e.getMessage());
      }
      return Verdict.UNDECIDED;
    }
  }

  /// A table that cannot be asked defers nobody, as those in it must not be.
  private boolean isExempt(Case.Rcpt rcpt, Instant now) {
    return switch (exemptions.find(rcpt)) {
      case Search.Found _ -> true;
      case Search.Absent() -> false;
      case Search.Unavailable(String why) -> {
        if (isDue(nextComplaint, now, COMPLAINT)) {
          LOG.warn(
              "greylist: nobody is deferred while a table of exemptions is unavailable: {}", why);
        }
        yield true;
      }
    };
  }

  /// Whether its clients have come back often enough, and not too long ago.
  private boolean isServer(String network, Instant now) throws StateUnavailable {
    if (settings.clientReturns() == 0) {
      return false;
    }
    if (servers.getIfPresent(network) != null) {
      return true;
    }
    Optional<ReturningClients.Known> record =
        returns.find(network, now).filter(r -> r.times() >= settings.clientReturns());
    if (record.isEmpty()) {
      return false;
    }
    Instant expires = now.plus(settings.lifetime());
    if (record.get().expires().plus(REFRESH).isBefore(expires)) {
      returns.keep(network, expires);
    }
    servers.put(network, true);
    return true;
  }

  private boolean isKnown(Triplet triplet, Instant now) throws StateUnavailable {
    Optional<Triplets.Sighting> before = seen.find(triplet, now);
    if (before.isEmpty()) {
      seen.remember(triplet, new Triplets.Sighting(now, false, now.plus(settings.retryWindow())));
      return false;
    }
    Triplets.Sighting sighting = before.get();
    if (!sighting.returned() && now.isBefore(sighting.first().plus(settings.delay()))) {
      return false;
    }
    Instant expires = now.plus(settings.lifetime());
    if (!sighting.returned() || sighting.expires().plus(REFRESH).isBefore(expires)) {
      boolean news = seen.remember(triplet, new Triplets.Sighting(sighting.first(), true, expires));
      if (news && !sighting.returned() && settings.clientReturns() > 0) {
        returns.count(triplet.network(), now, expires);
      }
    }
    return true;
  }

  /// Rides on the questions: with no mail there is nothing to remove. A full sweep is followed by
  /// another with the next question.
  private void sweep(Instant now) throws StateUnavailable {
    if (isDue(nextSweep, now, SWEEP)) {
      int triplets = seen.forgetExpired(now, SWEPT);
      int networks = returns.forgetExpired(now, SWEPT);
      if (triplets == SWEPT || networks == SWEPT) {
        nextSweep.set(now);
      }
    }
  }

  /// Whether the time has come; true for one asker only.
  private static boolean isDue(AtomicReference<Instant> next, Instant now, Duration pause) {
    Instant due = next.get();
    return !now.isBefore(due) && next.compareAndSet(due, now.plus(pause));
  }
}
