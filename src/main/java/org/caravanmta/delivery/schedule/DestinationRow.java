package org.caravanmta.delivery.schedule;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.caravanmta.control.RowFields;

/// What the operator is shown of a destination: a row of what `queue.destinations` answers.
///
/// @param queued messages that wait for their turn in a queue `waiting.TRANSPORT.N`
/// @param waiting those that wait for it in memory
/// @param atWork those that have their turn
/// @param window how many may have it at a time, were it not for what `held` says
/// @param most the widest that the window gets
/// @param allowed how many may have it now
/// @param suspendedUntil until when a dead destination is left alone
/// @param why it is dead; empty if it is not
/// @param probing whether one message is to try it before others may
/// @param rateDelay how long it is left alone after each message; zero for not at all
/// @param held what holds the next message back; none if nothing does
public record DestinationRow(
    String transport,
    String nextHop,
    long queued,
    int waiting,
    int atWork,
    int window,
    int most,
    int allowed,
    Optional<Instant> suspendedUntil,
    String why,
    boolean probing,
    Duration rateDelay,
    List<Held> held) {
  /// First what holds back most messages.
  public static final Comparator<DestinationRow> MOST_HELD_FIRST =
      Comparator.comparingLong((DestinationRow row) -> row.queued + row.waiting)
          .thenComparing(row -> !row.held.isEmpty())
          .thenComparingInt(DestinationRow::atWork)
          .reversed()
          .thenComparing(DestinationRow::transport)
          .thenComparing(DestinationRow::nextHop);

  /// Something that holds messages back.
  ///
  /// @param word its kind, for programs: `window`
  /// @param text in words: `window 2 of 20`
  public record Held(String word, String text) {
    static Held of(Restraint restraint) {
      return new Held(restraint.word(), restraint.toString());
    }
  }

  public DestinationRow {
    held = List.copyOf(held);
  }

  /// @param queued messages in the queue of its line
  /// @param further what holds it back besides
  public static DestinationRow of(DestinationState state, long queued, List<Restraint> further) {
    var held = new ArrayList<Held>();
    further.forEach(each -> held.add(Held.of(each)));
    state.restraints().forEach(each -> held.add(Held.of(each)));
    return new DestinationRow(
        state.transport(),
        state.nextHop(),
        queued,
        state.waiting(),
        state.atWork(),
        state.window(),
        state.most(),
        state.allowed(),
        state.suspendedUntil(),
        state.why(),
        state.probing(),
        state.rateDelay(),
        held);
  }

  /// A destination of which nothing is known here, and that is held back all the same.
  public static DestinationRow untouched(
      String transport, String nextHop, long queued, List<Restraint> restraints) {
    return new DestinationRow(
        transport,
        nextHop,
        queued,
        0,
        0,
        0,
        0,
        0,
        Optional.empty(),
        "",
        false,
        Duration.ZERO,
        restraints.stream().map(Held::of).toList());
  }

  /// The row.
  public List<String> fields() {
    var fields =
        new ArrayList<>(
            List.of(
                transport,
                nextHop,
                Long.toString(queued),
                Integer.toString(waiting),
                Integer.toString(atWork),
                Integer.toString(window),
                Integer.toString(most),
                Integer.toString(allowed),
                RowFields.of(suspendedUntil),
                why,
                Boolean.toString(probing),
                Long.toString(rateDelay.toMillis())));
    for (Held each : held) {
      fields.add(each.word());
      fields.add(each.text());
    }
    return fields;
  }

  /// @throws IOException if this is not such a row
  public static DestinationRow of(List<String> row) throws IOException {
    var fields = new RowFields(row);
    String transport = fields.text();
    String nextHop = fields.text();
    long queued = fields.number();
    int waiting = (int) fields.number();
    int atWork = (int) fields.number();
    int window = (int) fields.number();
    int most = (int) fields.number();
    int allowed = (int) fields.number();
    Optional<Instant> until = fields.time();
    String why = fields.text();
    boolean probing = fields.flag();
    Duration rateDelay = Duration.ofMillis(fields.number());
    var held = new ArrayList<Held>();
    while (fields.more()) {
      held.add(new Held(fields.text(), fields.text()));
    }
    return new DestinationRow(
        transport, nextHop, queued, waiting, atWork, window, most, allowed, until, why, probing,
        rateDelay, held);
  }
}
