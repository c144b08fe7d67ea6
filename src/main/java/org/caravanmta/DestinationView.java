package org.caravanmta;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravanmta.delivery.schedule.DestinationRow;
import org.caravanmta.delivery.schedule.DestinationState;
import org.caravanmta.delivery.schedule.Restraint;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.reader.Gates;
import org.caravanmta.suspension.Suspension;
import org.caravanmta.suspension.Suspensions;

/// What the operator sees of destinations: how the scheduler has each, what waits for it in queues,
/// and what of it is suspended.
record DestinationView(Stages stages, Gates gates, Suspensions suspensions) {
  private static final String ANY = "*";

  /// First what holds back most.
  List<DestinationRow> rows() {
    var rows = new ArrayList<DestinationRow>();
    Map<String, Map<String, Long>> queued = new HashMap<>();
    stages
        .scheduled()
        .gates()
        .keySet()
        .forEach(queue -> queued.put(queue, new HashMap<>(gates.waiting(queue))));
    Set<Suspension> met = new HashSet<>();
    for (DestinationState state : stages.scheduled().destinations()) {
      Long count =
          queued
              .getOrDefault(Queues.delivery(state.transport()), new HashMap<>())
              .remove(state.nextHop());
      rows.add(
          DestinationRow.of(
              state,
              count == null ? 0 : count,
              suspended(state.transport(), state.nextHop(), met)));
    }
    queued.forEach(
        (queue, lines) ->
            lines.forEach(
                (nextHop, count) -> {
                  String transport = Queues.transport(queue);
                  rows.add(
                      DestinationRow.untouched(
                          transport, nextHop, count, suspended(transport, nextHop, met)));
                }));
    for (Suspension each : suspensions.all()) {
      if (!met.contains(each)) {
        boolean transport = each.kind() == Suspension.Kind.TRANSPORT;
        String pattern = each.what().pattern();
        rows.add(
            DestinationRow.untouched(
                transport ? pattern : ANY, transport ? ANY : pattern, 0, List.of(by(each))));
      }
    }
    rows.sort(DestinationRow.MOST_HELD_FIRST);
    return rows;
  }

  private List<Restraint> suspended(String transport, String nextHop, Set<Suspension> met) {
    var found = new ArrayList<Restraint>();
    for (Suspension each : suspensions.all()) {
      if (each.covers(transport, nextHop)) {
        met.add(each);
        found.add(by(each));
      }
    }
    return found;
  }

  private static Restraint by(Suspension suspension) {
    return new Restraint.ByOperator(suspension.author(), suspension.reason());
  }
}
