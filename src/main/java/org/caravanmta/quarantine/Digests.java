package org.caravanmta.quarantine;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.caravanmta.address.Address;
import org.caravanmta.event.Events;
import org.caravanmta.event.QuarantineEvent;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.state.DigestMemory;
import org.caravanmta.state.Quarantined;
import org.caravanmta.state.StateUnavailable;
import org.caravanmta.table.Lookup;

/// Tells the postmaster, or each recipient of ours, what is new in the quarantine. One server of
/// all that share the database does it each time; if it ends in the middle, another does it again,
/// and a letter may come twice rather than never.
final class Digests {
  /// Entries of one digest; what is more is told the next time.
  private static final int MOST = 20_000;

  private final QuarantineSettings settings;
  private final DigestMemory memory;
  private final QueueAdmin queues;
  private final Digest letters;
  private final Address postmaster;
  private final Function<Address, Lookup> ours;
  private final Supplier<String> ids;
  private final ZoneId zone;

  /// @param postmaster who is told of all
  /// @param ours knows whose mail we take: nobody else hears of it
  /// @param ids makes the ids of letters
  Digests(
      QuarantineSettings settings,
      DigestMemory memory,
      QueueAdmin queues,
      Digest letters,
      Address postmaster,
      Function<Address, Lookup> ours,
      Supplier<String> ids,
      ZoneId zone) {
    this.settings = settings;
    this.memory = memory;
    this.queues = queues;
    this.letters = letters;
    this.postmaster = postmaster;
    this.ours = ours;
    this.ids = ids;
    this.zone = zone;
  }

  /// Sends what is due.
  void tick(Instant now) throws Exception {
    Instant last = memory.last(now);
    if (now.isBefore(due(last)) || !memory.claim(last, now)) {
      return;
    }
    Map<String, Quarantined> fresh = memory.untold(MOST);
    Map<Address, List<Quarantined>> letters = sorted(fresh);
    var tasks = new ArrayList<Task>();
    boolean whole = settings.digest() == QuarantineSettings.Told.POSTMASTER;
    for (var letter : letters.entrySet()) {
      tasks.add(
          new Task(
              Queues.ROUTING,
              this.letters.of(ids.get(), letter.getKey(), letter.getValue(), whole, now)));
    }
    queues.put(tasks);
    memory.told(fresh.keySet());
    memory.sent(last, now);
    if (!tasks.isEmpty()) {
      Events.tell(new QuarantineEvent.Digested(fresh.size(), tasks.size()));
    }
  }

  /// At the hour of the day, unless it is sent more often.
  Instant due(Instant last) {
    Duration every = settings.digestEvery();
    if (every.compareTo(Duration.ofDays(1)) < 0) {
      return last.plus(every);
    }
    LocalTime hour = LocalTime.of(settings.digestHour(), 0);
    Instant first = last.atZone(zone).toLocalDate().atTime(hour).atZone(zone).toInstant();
    // the first hour of the day after the last digest
    Instant next =
        first.isAfter(last)
            ? first
            : last.atZone(zone).toLocalDate().plusDays(1).atTime(hour).atZone(zone).toInstant();
    return next.plus(every.minusDays(1));
  }

  private Map<Address, List<Quarantined>> sorted(Map<String, Quarantined> fresh)
      throws StateUnavailable {
    var sorted = new LinkedHashMap<Address, List<Quarantined>>();
    if (settings.digest() == QuarantineSettings.Told.POSTMASTER) {
      if (!fresh.isEmpty()) {
        sorted.put(postmaster, List.copyOf(fresh.values()));
      }
      return sorted;
    }
    for (Quarantined entry : fresh.values()) {
      for (String recipient : entry.recipients()) {
        Optional<Address> address = IndexEntries.address(recipient);
        if (address.isPresent() && isOurs(address.get())) {
          sorted.computeIfAbsent(address.get(), _ -> new ArrayList<>()).add(entry);
        }
      }
    }
    return sorted;
  }

  private boolean isOurs(Address address) throws StateUnavailable {
    return switch (ours.apply(address)) {
      case Lookup.Found _ -> true;
      case Lookup.Absent _ -> false;
      case Lookup.Unavailable(String why) ->
          throw new StateUnavailable(why, new IllegalStateException(why));
    };
  }
}
