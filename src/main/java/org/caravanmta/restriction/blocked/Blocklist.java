package org.caravanmta.restriction.blocked;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.caravanmta.address.Address;
import org.caravanmta.event.Events;
import org.caravanmta.event.QuarantineEvent;
import org.caravanmta.state.BlockedSender;
import org.caravanmta.state.SenderBlocks;
import org.caravanmta.state.StateUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The senders that are blocked: in the database, and all of them in memory, where they are asked
/// for. Other servers' changes are seen within a minute. Safe for use by several threads.
public final class Blocklist implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Blocklist.class);
  private static final Duration REFRESH = Duration.ofMinutes(1);

  /// Stands for all recipients.
  public static final String EVERYBODY = "";

  private final SenderBlocks blocks;
  private final InstantSource clock;
  private final ScheduledExecutorService refreshing =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("blocked-senders").unstarted(task));

  /// For whom each is blocked.
  private volatile Map<String, Set<String>> known = Map.of();

  private boolean away;

  public Blocklist(SenderBlocks blocks, InstantSource clock) {
    this.blocks = blocks;
    this.clock = clock;
  }

  /// Reads it, and goes on doing so.
  void begin() {
    refresh();
    var _ =
        refreshing.scheduleWithFixedDelay(
            this::refreshAnyway, REFRESH.toMillis(), REFRESH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Reads it, unless the database is away.
  synchronized void refresh() {
    try {
      show(blocks.all());
      if (away) {
        LOG.info("the list of blocked senders is read again");
      }
      away = false;
    } catch (StateUnavailable e) {
      if (!away) {
        LOG.warn("the list of blocked senders stays as it is: {}", e.getMessage());
      }
      away = true;
    }
  }

  /// Takes these for all there are.
  public void show(List<BlockedSender> all) {
    Map<String, Set<String>> sorted = new HashMap<>();
    all.forEach(
        each -> sorted.computeIfAbsent(each.sender(), _ -> new HashSet<>()).add(each.recipient()));
    known = sorted;
  }

  /// Whether nobody is blocked.
  boolean isEmpty() {
    return known.isEmpty();
  }

  /// Whether a sender is blocked for a recipient: its address, its domain or one above it, for
  /// everybody, the recipient's domain or the recipient.
  ///
  /// @param base the recipient without an extension of its address
  boolean has(Address sender, Address recipient, UnaryOperator<Address> base) {
    Map<String, Set<String>> now = known;
    return fits(now.get(sender.key()), recipient, base)
        || fits(now.get(sender.domain().key()), recipient, base)
        || sender.domain().parents().stream().anyMatch(at -> fits(now.get(at), recipient, base));
  }

  private static boolean fits(
      @Nullable Set<String> whom, Address recipient, UnaryOperator<Address> base) {
    return whom != null
        && (whom.contains(EVERYBODY)
            || whom.contains(recipient.domain().key())
            || whom.contains(recipient.key())
            || whom.contains(base.apply(recipient).key()));
  }

  /// Whether it is on the list as of now, with this recipient.
  public boolean has(String sender, String recipient) {
    return known.getOrDefault(name(sender), Set.of()).contains(whom(recipient));
  }

  /// All of them, as the database has them.
  public List<BlockedSender> all() throws StateUnavailable {
    return blocks.all();
  }

  /// Blocks a sender.
  ///
  /// @param sender an address or a domain
  /// @param recipient for whom: an address, a domain, or {@link #EVERYBODY}
  /// @param by who wants it
  /// @return whether it was not blocked before
  /// @throws IllegalArgumentException if one is neither
  public boolean add(String sender, String recipient, String by) throws StateUnavailable {
    var blocked = new BlockedSender(name(sender), whom(recipient), by, clock.instant());
    boolean fresh = blocks.add(blocked);
    if (fresh) {
      Events.tell(new QuarantineEvent.Blocked(blocked.sender(), blocked.recipient(), by));
    }
    refresh();
    return fresh;
  }

  /// Blocks it no more.
  ///
  /// @return whether it was blocked
  public boolean remove(String sender, String recipient, String by) throws StateUnavailable {
    boolean was = blocks.remove(name(sender), whom(recipient));
    if (was) {
      Events.tell(new QuarantineEvent.Unblocked(name(sender), whom(recipient), by));
    }
    refresh();
    return was;
  }

  private static String whom(String recipient) {
    return recipient.equals(EVERYBODY) ? recipient : name(recipient);
  }

  /// An address or a domain, in the form that all ways to write it have in common.
  ///
  /// @throws IllegalArgumentException if it is neither
  static String name(String text) {
    String named = text.startsWith("@") ? text.substring(1) : text;
    try {
      String name =
          named.contains("@")
              ? Address.parse(named).key()
              : Address.parse("x@" + named).domain().key();
      if (name.length() > 500) {
        throw new IllegalArgumentException("it is longer than 500 characters");
      }
      return name;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an address or a domain: " + e.getMessage(), e);
    }
  }

  /// An executor forgets a task that has thrown.
  private void refreshAnyway() {
    try {
      refresh();
    } catch (RuntimeException e) {
      LOG.error("the list of blocked senders cannot be read", e);
    }
  }

  @Override
  public void close() {
    refreshing.shutdownNow();
  }
}
