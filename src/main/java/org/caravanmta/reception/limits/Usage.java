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

/// What each client uses of the server now, over all its sessions on one listener (RFC 5321
/// §4.5.4.2), for {@link LimitSettings}. From any thread; nothing here waits.
///
/// Sessions are counted exactly, as there are no more of them than the server has. Rates are
/// counted for the {@link #MOST_WATCHED} clients that came last or most often: a client with more
/// addresses than that is not held back by a rate.
public final class Usage {
  /// Clients whose rates are known at one time, of about 150 bytes each.
  static final int MOST_WATCHED = 50_000;

  /// The time over which rates are counted, from the first event on (Postfix:
  /// anvil_rate_time_unit).
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final LimitSettings limits;
  private final NetworkList exempt;
  private final InstantSource clock;
  private final ConcurrentMap<Source, Integer> sessions = new ConcurrentHashMap<>();
  private final Cache<Source, Window> windows;

  /// @param exempt whose clients have no limit
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

  /// Clients that count as one.
  ///
  /// @param network their address, with nothing after the prefix
  public record Source(String listener, InetAddress network) {}

  /// What is counted in a minute.
  public enum Event {
    CONNECTION,
    MESSAGE,
    RECIPIENT
  }

  /// What a client is counted as; absent when nothing of it is counted.
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

  /// Takes one more session.
  ///
  /// @return whether the client may have it; if not, it is not counted
  public boolean enter(Source source) {
    int most = limits.connectionCount();
    if (sessions.merge(source, 1, Integer::sum) <= most || most == 0) {
      return true;
    }
    exit(source);
    return false;
  }

  /// Gives a session back.
  public void exit(Source source) {
    sessions.computeIfPresent(source, (_, had) -> had == 1 ? null : had - 1);
  }

  /// Counts an event.
  ///
  /// @return whether there may be as many of it in a minute
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

  /// Clients that have a session.
  public int present() {
    return sessions.size();
  }

  /// Clients whose rates are known.
  long watched() {
    windows.cleanUp();
    return windows.estimatedSize();
  }

  /// One minute of one client.
  private static final class Window {
    private final int[] counts = new int[Event.values().length];
    private Instant start;

    Window(Instant start) {
      this.start = start;
    }

    synchronized int count(Event event, Instant now) {
      if (!now.isBefore(start.plus(MINUTE))) {
        start = now;
        Arrays.fill(counts, 0);
      }
      return ++counts[event.ordinal()];
    }
  }
}
