package org.caravanmta.queue.admin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.caravanmta.address.Domain;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.TextField;
import org.caravanmta.queue.selector.Truth;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Codecs;
import org.caravanmta.queue.spi.ContentClaims;
import org.caravanmta.queue.spi.Frame;
import org.caravanmta.queue.spi.Lanes;
import org.caravanmta.queue.spi.Outlet;
import org.caravanmta.queue.spi.QueueUnavailable;

/// What the operator does with queues (postfix `postqueue`, `postsuper`, `postcat`): look at
/// messages, delete them, set them aside, give them back, try them now. A message that was split
/// has one id on several queues, and every part is meant.
///
/// What a stage has taken and not settled is seen but not touched: it is counted as `taken`, and
/// the operator tries again. The heads of the lanes are the exception: their readers put them back
/// for as long as it takes.
public final class QueueAdmin {
  private static final Pattern ID = Pattern.compile("[0-9A-Za-z]{1,40}");

  private final Broker broker;
  private final Codecs codecs;
  private final Supplier<Collection<String>> queues;
  private final Lanes lanes;
  private final ContentClaims claims;

  /// @param queues every queue there is
  /// @param claims gets back the stored content of what is deleted
  public QueueAdmin(
      Broker broker,
      Codecs codecs,
      Supplier<Collection<String>> queues,
      Lanes lanes,
      ContentClaims claims) {
    this.broker = broker;
    this.codecs = codecs;
    this.queues = queues;
    this.lanes = lanes;
    this.claims = claims;
  }

  /// What a verb came to.
  ///
  /// @param done messages deleted or moved
  /// @param taken messages that a stage has taken, and that stay as they are
  public record Result(long done, long taken) {
    static final Result NOTHING = new Result(0, 0);
  }

  /// Which messages are meant: those of one id, those that wait for one domain, or all. A message
  /// with recipients in several domains is known by the first's.
  public record Target(Optional<String> id, Optional<Domain> domain) {
    public static final Target ALL = new Target(Optional.empty(), Optional.empty());

    public static Target waitingFor(Domain domain) {
      return new Target(Optional.empty(), Optional.of(domain));
    }

    /// @throws IllegalArgumentException if it is neither `ALL` nor an id
    public static Target parse(String text) {
      if (text.equals(VerbResult.ALL)) {
        return ALL;
      }
      // it becomes part of a selector
      if (!ID.matcher(text).matches()) {
        throw new IllegalArgumentException(
            "\"" + text + "\" is neither the id of a message nor ALL");
      }
      return new Target(Optional.of(text), Optional.empty());
    }

    private boolean means(QueueEntry entry) {
      return (id.isEmpty() || id.equals(entry.id()))
          && (domain.isEmpty()
              || domain.get().key().equals(entry.properties().get(Frame.RECIPIENT_DOMAIN)));
    }

    private String filter(String queue) {
      return id.map(text -> BrokerFilter.is(Frame.ID, text))
          .or(() -> domain.map(it -> BrokerFilter.is(Frame.RECIPIENT_DOMAIN, it.key())))
          .orElse(BrokerFilter.mailOn(queue));
    }
  }

  /// Whether this server may begin anything of its own accord: a node of a cluster that is without
  /// its lock may not, for another may have its mail.
  public boolean mayBegin() {
    return broker.fence().isOpen();
  }

  /// All that travels through queues.
  Codecs codecs() {
    return codecs;
  }

  /// Passes on every message that a selector means, one by one.
  ///
  /// @throws IllegalArgumentException if it names a queue and there is none of that name
  public void find(Selector selector, Instant now, Consumer<QueueEntry> use) throws Exception {
    selection().expect(selector);
    new QueueSearch(broker, codecs)
        .find(Selection.alongTheFlow(selection().of("")), selector.quick(), now, use);
  }

  /// Carries out an order while mail flows, and tells what becomes of each message that is meant.
  ///
  /// @throws IllegalArgumentException if no route takes what the deed makes of messages, or the
  ///   selector names a queue and there is none of that name
  public void change(Order order, Consumer<Touched> told) throws Exception {
    selection().expect(order.selector());
    String target = order.deed().target("");
    if (!target.isEmpty() && !queues.get().contains(target)) {
      throw new IllegalArgumentException(
          "no stage takes from the queue " + target + ": the route is missing");
    }
    new Changes(broker, codecs, lanes, claims, this, order.quick(), told)
        .run(order.deed().ordered(Selection.alongTheFlow(selection().of("", order::fits)), lanes));
  }

  /// The messages themselves.
  public QueueContents contents() {
    return new QueueContents(broker, codecs, queues, claims);
  }

  /// Whether a selector means a message.
  public boolean isMeant(QueueEntry entry, Selector selector, Instant now) {
    return selector.of(new JudgedEntry(entry, codecs, now)) == Truth.YES;
  }

  /// Gives back what an earlier life of the server was changing when it ended.
  ///
  /// @return how many messages
  public long giveBack() throws InterruptedException {
    try {
      return new Workbench(broker).giveBack();
    } catch (ActiveMQException e) {
      throw Outlet.unavailable(e);
    }
  }

  /// Passes on the messages of one queue, of a family (`deferred.*`), or of all (empty), one by
  /// one: there may be more than fit into memory.
  ///
  /// @param unqueued what waits for its queue, and is listed where all is, or `maildrop`
  public void list(String queue, List<Unqueued> unqueued, Consumer<QueueEntry> use)
      throws Exception {
    if (!queue.equals(Unqueued.MAILDROP)) {
      new ListedMail(broker, codecs).list(selection().of(queue), use);
    }
    if (queue.isEmpty() || queue.equals(Unqueued.MAILDROP)) {
      unqueued.stream().map(QueueEntry::of).forEach(use);
    }
  }

  /// Takes a part of a message.
  @FunctionalInterface
  interface Taker {
    void take(QueueEntry part) throws IOException;
  }

  /// Passes on every part of one message, one by one; some twice, if they are put back meanwhile.
  ///
  /// @param queue a queue or family; empty for all
  void parts(String id, String queue, Taker taker) throws Exception {
    try {
      new QueueSearch(broker, codecs)
          .find(
              Selection.alongTheFlow(selection().of(queue)),
              Selector.Text.of(TextField.ID, Target.parse(id).id().orElse("")),
              Instant.EPOCH,
              entry -> {
                try {
                  taker.take(entry);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// Every part of one message, wherever it is; none when there is no such message.
  public List<QueueEntry> parts(Target target) throws Exception {
    var parts = new ArrayList<QueueEntry>();
    new ListedMail(broker, codecs)
        .list(
            selection().of(""),
            entry -> {
              if (target.means(entry)) {
                parts.add(entry);
              }
            });
    return List.copyOf(parts);
  }

  /// Deletes for good; nobody is told.
  ///
  /// @param queue a queue or family; empty for all
  public Result delete(Target target, String queue) throws Exception {
    return over(
        selection().of(queue),
        target::means,
        (name, desk) ->
            target.id().isPresent()
                ? desk.delete(name, target.filter(name), claims::release)
                : desk.drain(name, target.filter(name), _ -> Drained.DELETED, claims::release));
  }

  /// Sets aside until released; the time on hold counts into the message's age.
  public Result hold(Target target, String queue) throws Exception {
    return over(
        selection().of(queue, Selection::canBeHeld),
        target::means,
        (name, desk) -> desk.controls().move(name, target.filter(name), Queues.HOLD));
  }

  /// Gives back to routing what is on hold or dead; a notice goes to the stage that makes a report
  /// of it. What a stage broke on starts with no faults, or it would soon be dead again.
  public Result release(Target target, String queue) throws Exception {
    return over(
        selection().of(queue, name -> name.equals(Queues.HOLD) || name.equals(Queues.DEAD)),
        target::means,
        (name, desk) ->
            name.equals(Queues.HOLD)
                ? desk.controls().move(name, target.filter(name), Queues.ROUTING)
                : desk.drain(name, target.filter(name), new Revival(codecs)::of, claims::release));
  }

  /// Tries deferred messages now.
  public Result flush(Target target) throws Exception {
    List<String> names = Deed.FLUSH.ordered(selection().of("", Queues::isDeferred), lanes);
    if (target.id().isPresent() || target.domain().isPresent()) {
      Result result =
          over(
              names,
              entry -> target.means(entry) && !Deed.FLUSH.isUnderWay(entry, lanes),
              (name, desk) ->
                  desk.controls().move(name, target.filter(name), Deed.FLUSH.target(name, lanes)));
      return result.equals(Result.NOTHING) ? new Result(underWay(target), 0) : result;
    }
    lanes.flush();
    // the readers give it back, no faster than it leaves; where there are none, nobody else would
    return new Result(
        each(
            names,
            lanes.first().isPresent()
                ? (name, desk) -> desk.count(name)
                : (name, desk) -> desk.controls().move(name, target.filter(name), Queues.ROUTING)),
        0);
  }

  /// How many are tried now already, since they were flushed before.
  private long underWay(Target target) throws Exception {
    var found = new AtomicLong();
    new ListedMail(broker, codecs)
        .list(
            lanes.first().stream().toList(),
            entry -> {
              if (target.means(entry) && Deed.FLUSH.isUnderWay(entry, lanes)) {
                found.incrementAndGet();
              }
            });
    return found.get();
  }

  /// Every reference to stored content that a queue holds: what the store's sweep must keep.
  ///
  /// @throws QueueUnavailable if not every message could be seen, as may be while stages run: then
  ///   nothing must be swept
  public Set<String> contentRefs() throws Exception {
    return new ContentRefs(broker, codecs).on(selection().of(""));
  }

  @FunctionalInterface
  private interface Step {
    /// @return how many messages it was done to
    long on(String queue, AdminConnection desk) throws Exception;
  }

  /// Does a step to what nobody has taken; then, where the reader of a lane has taken some of what
  /// is meant, once more while it has put that back. One operator at a time: another's end would
  /// give the readers their messages again.
  private synchronized Result over(List<String> names, Predicate<QueueEntry> meant, Step step)
      throws Exception {
    long done = each(names, step);
    List<String> held =
        taken(names, meant).stream()
            .map(QueueEntry::queue)
            .filter(name -> Queues.isDeferred(name))
            .distinct()
            .toList();
    if (!held.isEmpty()) {
      done += lanes.aside(() -> each(held, step));
    }
    return new Result(done, taken(names, meant).size());
  }

  private long each(List<String> names, Step step) throws Exception {
    long done = 0;
    try (var desk = AdminConnection.open(broker, codecs)) {
      for (String name : names) {
        done += desk.exists(name) ? step.on(name, desk) : 0;
      }
    }
    return done;
  }

  private List<QueueEntry> taken(List<String> names, Predicate<QueueEntry> meant) throws Exception {
    return new ListedMail(broker, codecs).taken(names, meant);
  }

  private Selection selection() {
    return new Selection(queues.get());
  }
}
