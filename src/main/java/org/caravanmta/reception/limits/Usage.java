package org.caravanmta.reception.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.caravanmta.address.NetworkList;
import org.caravanmta.message.Client;

/// What each client uses of the server now, in all its sessions on one listener together (RFC 5321
/// §4.5.4.2; postfix `anvil(8)`), against the {@link LimitSettings}. From any thread; nothing here
/// waits.
///
/// Sessions are counted for all clients. Rates are counted only for the {@link #MOST_WATCHED}
/// clients that came last or most often: a sender with more networks than that is not held back by
/// a rate.
public final class Usage {
  /// The most clients whose rates are counted at one time; each takes about 150 bytes.
  static final int MOST_WATCHED = 50_000;

  /// The time over which rates are counted, from the first event on (postfix
  /// `anvil_rate_time_unit`).
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final LimitSettings limits;
  private final NetworkList exempt;
  private final InstantSource clock;
  private final ConcurrentMap<Source, Integer> sessions = new ConcurrentHashMap<>();
  private final Cache<Source, Window> windows;

  /// @param exempt the networks that the limits are not for
  public Usage(LimitSettings limits, NetworkList exempt, InstantSource clock) {
    this.limits = limits;
    this.exempt = exempt;
    this.clock = clock;
    this.windows =
        Caffeine.newBuilder()
            .maximumSize(MOST_WATCHED)
            .expireAfterAccess(MINUTE)
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .build();
  }

  /// A client, or a network whose clients count as one, at one listener.
  ///
  /// @param network the address, with zeros after the prefix
  public record Source(String listener, InetAddress network) {}

  /// An event that is counted over a minute.
  public enum Event {
    /// A client has connected.
    CONNECTION,
    /// MAIL has come.
    MESSAGE,
    /// RCPT or VRFY has come.
    RECIPIENT
  }

  /// What a client is counted as; absent when the limits are not for it.
  public Optional<Source> source(Client client) {
    if (exempt.contains(client.address())) {
      return Optional.empty();
    }
    byte[] bytes = client.address().getAddress();
    int bits = bytes.length == 4 ? limits.ipv4Prefix() : limits.ipv6Prefix();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.clamp(bits - 8 * i, 0, 8);
      bytes[i] &= (byte) (0xff << (8 - kept));
    }
    try {
      return Optional.of(new Source(client.listener(), InetAddress.getByAddress(bytes)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
    }
  }

  /// Counts one more session.
  ///
  /// @return whether the client may have so many; if not, this one is not counted
  public boolean enter(Source source) {
    int most = limits.connectionCount();
    if (sessions.merge(source, 1, Integer::sum) <= most || most == 0) {
      return true;
    }
    exit(source);
    return false;
  }

  /// How many sessions there are now.
  public int open(Source source) {
    return sessions.getOrDefault(source, 0);
  }

  /// Ends a session that was counted.
  public void exit(Source source) {
    sessions.computeIfPresent(source, (_, had) -> had == 1 ? null : had - 1);
  }

  /// Counts an event.
  ///
  /// @return whether the client may cause so many of them in a minute
  public boolean count(Source source, Event event) {
    int most =
        switch (event) {
          case CONNECTION -> limits.connectionRate();
          case MESSAGE -> limits.messageRate();
          case RECIPIENT -> limits.recipientRate();
        };
    return most == 0
        || windows.get(source, _ -> new Window(clock.instant())).count(event, clock.instant())
            <= most;
  }

  /// How many clients have a session now.
  public int present() {
    return sessions.size();
  }

  /// For how many clients rates are counted now.
  long watched() {
    windows.cleanUp();
    return windows.estimatedSize();
  }

  /// The events of one client in one minute.
  private static final class Window {
    private final int[] counts = new int[Event.values().length];
    private Instant start;

    Window(Instant start) {
      this.start = start;
    }

    /// Counts an event, in a new minute if the last one is over.
    ///
    /// @return how many of its kind there have been in this minute
    synchronized int count(Event event, Instant now) {
      if (!now.isBefore(start.plus(MINUTE))) {
        start = now;
        Arrays.fill(counts, 0);
      }
      return ++counts[event.ordinal()];
    }
  }
}
