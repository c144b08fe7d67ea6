package org.caravanmta.quarantine;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
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
import org.caravanmta.state.RejectedMail;
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

  /// Whether they are due.
  boolean isDue(Instant now) throws StateUnavailable {
    return !now.isBefore(due(memory.last(now)));
  }

  /// Sends what is due.
  void tick(Instant now) throws Exception {
    Instant last = memory.last(now);
    if (now.isBefore(due(last)) || !memory.claim(last, now)) {
      return;
    }
    Map<String, Quarantined> fresh = memory.untold(MOST);
    Map<Long, RejectedMail> rejected = rejected(now);
    var tasks = new ArrayList<Task>();
    boolean whole = settings.digest() == QuarantineSettings.Told.POSTMASTER;
    for (var letter : sorted(fresh.values(), rejected.values()).entrySet()) {
      tasks.add(
          new Task(
              Queues.ROUTING,
              letters.of(ids.get(), letter.getKey(), letter.getValue(), whole, now)));
    }
    if (!memory.holds(last, now) || !queues.mayBegin()) {
      // we were stopped or cut off for so long that another sends them
      return;
    }
    queues.contents().put(tasks);
    memory.told(fresh.keySet());
    memory.rejected().forget(rejected.keySet());
    memory.sent(last, now);
    if (!tasks.isEmpty()) {
      Events.tell(new QuarantineEvent.Digested(fresh.size(), rejected.size(), tasks.size()));
    }
  }

  /// How often they go out.
  Duration every() {
    return settings.digestEvery();
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

  /// What nobody was told of in time is of no interest any more.
  private Map<Long, RejectedMail> rejected(Instant now) throws StateUnavailable {
    if (!settings.tellsOfRejected()) {
      return Map.of();
    }
    memory.rejected().forgetBefore(now.minus(settings.keep()));
    return memory.rejected().all(MOST);
  }

  private Map<Address, DigestNews> sorted(
      Collection<Quarantined> fresh, Collection<RejectedMail> rejected) throws StateUnavailable {
    var sorted = new LinkedHashMap<Address, DigestNews>();
    if (settings.digest() == QuarantineSettings.Told.POSTMASTER) {
      if (!fresh.isEmpty()) {
        sorted.put(postmaster, new DigestNews(fresh));
      }
      return sorted;
    }
    for (Quarantined entry : fresh) {
      for (String recipient : entry.recipients()) {
        Optional<Address> address = IndexEntries.address(recipient);
        if (address.isPresent() && isOurs(address.get())) {
          sorted.computeIfAbsent(address.get(), _ -> new DigestNews()).quarantined().add(entry);
        }
      }
    }
    for (RejectedMail mail : rejected) {
      Optional<Address> address = IndexEntries.address(mail.recipient());
      if (address.isPresent() && isOurs(address.get())) {
        sorted.computeIfAbsent(address.get(), _ -> new DigestNews()).rejected().add(mail);
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
