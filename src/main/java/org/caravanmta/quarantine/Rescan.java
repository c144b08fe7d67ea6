package org.caravanmta.quarantine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.caravanmta.event.Events;
import org.caravanmta.event.QuarantineEvent;
import org.caravanmta.filter.SecondOpinion;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Custody;
import org.caravanmta.message.Mail;
import org.caravanmta.message.Queues;
import org.caravanmta.message.Task;
import org.caravanmta.queue.admin.QueueAdmin;
import org.caravanmta.queue.admin.QueueEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the content filter that has set a message aside about it once more. It is asked while the
/// message lies on its queue; what the message becomes replaces it there in one transaction, unless
/// somebody else was faster.
final class Rescan {
  private static final Logger LOG = LoggerFactory.getLogger(Rescan.class);

  /// Messages that are in memory at one time.
  private static final int ROUND = 200;

  /// Messages about which filters are asked at the same time.
  private static final int AT_ONCE = 8;

  private final QueueAdmin queues;
  private final Function<String, Optional<Function<Mail, SecondOpinion>>> filters;
  private final ContentStore store;
  private final Inventory inventory;
  private final InstantSource clock;

  /// @param filters ask the steps of routes, by the texts with which these are shown
  /// @param store has the contents that filters make anew
  Rescan(
      QueueAdmin queues,
      Function<String, Optional<Function<Mail, SecondOpinion>>> filters,
      ContentStore store,
      Inventory inventory,
      InstantSource clock) {
    this.queues = queues;
    this.filters = filters;
    this.store = store;
    this.inventory = inventory;
    this.clock = clock;
  }

  /// Asks about each message that is meant, once: what stays is put on the queue anew.
  ///
  /// @param by who wants it
  /// @param told what became of each
  void run(Predicate<QueueEntry> meant, String by, Consumer<Rescanned> told) throws Exception {
    Set<String> seen = new HashSet<>();
    var round = new ArrayList<Found>();
    do {
      round.clear();
      queues
          .contents()
          .each(
              Queues::isQuarantine,
              (entry, mail) -> {
                if (round.size() < ROUND
                    && !entry.taken()
                    && mail.isPresent()
                    && meant.test(entry)
                    && seen.add(IndexEntries.of(mail.get()).part())) {
                  round.add(new Found(entry, mail.get()));
                }
              });
      ask(round, by, told);
    } while (round.size() == ROUND);
  }

  private record Found(QueueEntry entry, Mail mail) {}

  private void ask(List<Found> round, String by, Consumer<Rescanned> told) throws Exception {
    var places = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<Rescanned>>();
      for (Found found : round) {
        answers.add(
            threads.submit(
                () -> {
                  places.acquire();
                  try {
                    return one(found, by);
                  } finally {
                    places.release();
                  }
                }));
      }
      for (Future<Rescanned> answer : answers) {
        told.accept(answer.get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private Rescanned one(Found found, String by) throws Exception {
    Mail mail = found.mail();
    Optional<Custody> custody = mail.envelope().passage().custody();
    String text = custody.map(Custody::filter).orElse("");
    Optional<Function<Mail, SecondOpinion>> filter = filters.apply(text);
    if (filter.isEmpty()) {
      return told(mail, Rescanned.Outcome.UNKNOWN, text, "no route names this filter", by);
    }
    SecondOpinion opinion;
    try {
      opinion = filter.get().apply(mail);
    } catch (RuntimeException e) {
      LOG.error("{}: {} is not asked again", mail.id(), text, e);
      opinion = new SecondOpinion.Unknown(e.toString());
    }
    return switch (opinion) {
      case SecondOpinion.Passes(Mail edited) -> {
        Mail free = edited.with(edited.envelope().released(clock.instant()));
        if (!replaced(found, new Task(Queues.ROUTING, free))) {
          yield gone(mail, text);
        }
        inventory.replace(IndexEntries.of(mail), Optional.empty());
        Events.tell(new QuarantineEvent.Cleared(mail.id(), text, by));
        yield new Rescanned(mail.id(), Rescanned.Outcome.RELEASED, text, "");
      }
      case SecondOpinion.Stays(String why, OptionalDouble score) -> {
        Custody again = new Custody(text, why, score, custody.orElseThrow().since());
        Mail kept = mail.with(mail.envelope().with(mail.envelope().passage().in(again)));
        if (!replaced(found, new Task(found.entry().queue(), kept))) {
          yield gone(mail, text);
        }
        inventory.note(IndexEntries.of(kept));
        yield told(mail, Rescanned.Outcome.STAYS, text, why, by);
      }
      case SecondOpinion.Taken(String reply) -> {
        var _ = queues.contents().remove(found.entry());
        inventory.replace(IndexEntries.of(mail), Optional.empty());
        Events.tell(new QuarantineEvent.Cleared(mail.id(), text, by));
        yield new Rescanned(mail.id(), Rescanned.Outcome.TAKEN, text, reply);
      }
      case SecondOpinion.Unknown(String why) ->
          told(mail, Rescanned.Outcome.UNANSWERED, text, why, by);
    };
  }

  private static Rescanned told(
      Mail mail, Rescanned.Outcome outcome, String filter, String text, String by) {
    Events.tell(new QuarantineEvent.Remained(mail.id(), filter, text, by));
    return new Rescanned(mail.id(), outcome, filter, text);
  }

  private static Rescanned gone(Mail mail, String filter) {
    return new Rescanned(mail.id(), Rescanned.Outcome.GONE, filter, "");
  }

  /// The content that is on no queue then is given back: the old one, or that of the filter.
  private boolean replaced(Found found, Task by) throws Exception {
    Optional<String> before = ref(found.mail());
    Optional<String> after = ref((Mail) by.body());
    boolean done = queues.contents().replace(found.entry(), by);
    if (!before.equals(after)) {
      (done ? before : after).ifPresent(this::release);
    }
    return done;
  }

  private static Optional<String> ref(Mail mail) {
    return mail.content() instanceof Content.Stored stored
        ? Optional.of(stored.ref())
        : Optional.empty();
  }

  private void release(String ref) {
    try {
      store.release(ref);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
