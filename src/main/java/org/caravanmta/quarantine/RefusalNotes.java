package org.caravanmta.quarantine;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.caravanmta.address.Address;
import org.caravanmta.filter.Refusals;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Printable;
import org.caravanmta.message.Recipient;
import org.caravanmta.state.RejectedMail;
import org.caravanmta.state.RejectedMemory;
import org.caravanmta.state.StateUnavailable;
import org.caravanmta.table.Lookup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what content filters reject into the database, behind the sessions: none waits for it,
/// and when more comes than can be written, or the database is away, the rest is not told of.
final class RefusalNotes implements Refusals, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalNotes.class);

  /// Rows of one recipient until the next digest.
  static final int MOST = Digest.MOST;

  /// Messages that wait to be written.
  private static final int WAITING = 1000;

  /// Messages that are written together.
  private static final int TOGETHER = 100;

  /// How long a server that stops waits for what is being written.
  private static final long PATIENCE_MILLIS = 5000;

  /// A message that a filter has rejected; without recipients: there are no more.
  private record Note(List<Address> recipients, RejectedMail mail) {}

  private final BlockingQueue<Note> waiting = new ArrayBlockingQueue<>(WAITING);
  private final RejectedMemory memory;
  private final Function<Address, Lookup> ours;
  private final InstantSource clock;
  private final Thread writing = Thread.ofVirtual().name("refusals").unstarted(this::write);
  private boolean away;

  RefusalNotes(RejectedMemory memory, Function<Address, Lookup> ours, InstantSource clock) {
    this.memory = memory;
    this.ours = ours;
    this.clock = clock;
  }

  void begin() {
    writing.start();
  }

  @Override
  public void note(Mail mail, String filter, String why) {
    var noted =
        new RejectedMail(
            mail.id(),
            "",
            mail.reversePath().toString(),
            IndexEntries.subject(mail.headers()),
            filter,
            IndexEntries.why(Printable.text(why)),
            clock.instant());
    if (!waiting.offer(
        new Note(mail.recipients().stream().map(Recipient::address).toList(), noted))) {
      LOG.debug("{}: is not in the digests of its recipients: too many are rejected", mail.id());
    }
  }

  private void write() {
    var some = new ArrayList<Note>();
    try {
      do {
        some.clear();
        some.add(waiting.take());
        waiting.drainTo(some, TOGETHER - 1);
        keep(some);
      } while (!some.getLast().recipients().isEmpty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void keep(List<Note> some) {
    try {
      var rows = new ArrayList<RejectedMail>();
      for (Note note : some) {
        for (Address recipient : note.recipients()) {
          if (ours.apply(recipient) instanceof Lookup.Found) {
            rows.add(of(recipient, note.mail()));
          }
        }
      }
      if (!rows.isEmpty()) {
        memory.note(rows, MOST);
        away = false;
      }
    } catch (StateUnavailable e) {
      if (!away) {
        LOG.warn("digests will not tell of all that was rejected: {}", e.getMessage());
      }
      away = true;
    } catch (RuntimeException e) {
      LOG.error("digests will not tell of all that was rejected", e);
    }
  }

  private static RejectedMail of(Address recipient, RejectedMail mail) {
    return new RejectedMail(
        mail.id(),
        recipient.toString(),
        mail.sender(),
        mail.subject(),
        mail.filter(),
        mail.why(),
        mail.since());
  }

  @Override
  public void close() {
    finish();
  }

  /// Writes what waits, and ends.
  void finish() {
    if (!writing.isAlive()) {
      return;
    }
    try {
      waiting.put(new Note(List.of(), new RejectedMail("", "", "", "", "", "", clock.instant())));
      writing.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    writing.interrupt();
  }
}
