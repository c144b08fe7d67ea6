package org.caravanmta.delivery.watch;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.Rows;
import org.caravanmta.control.VerbName;
import org.caravanmta.headway.Cut;
import org.caravanmta.message.Printable;
import org.caravanmta.queue.admin.VerbResult;

/// The operator's verbs on attempts at delivery: `queue.connections` lists them, those first that
/// have made no progress for the longest time; `queue.cut USER NUMBER…` ends some.
public final class AttemptVerbs {
  private AttemptVerbs() {}

  public static Map<String, ControlVerb> of(AtWork work) {
    return Map.of(
        VerbName.QUEUE_CONNECTIONS,
        (_, rows) -> list(work, rows),
        VerbName.QUEUE_CUT,
        (args, rows) -> cut(work, args, rows));
  }

  private static void list(AtWork work, Rows rows) throws IOException {
    List<AttemptRow> all =
        work.all().stream()
            .map(AttemptRow::of)
            .sorted(
                Comparator.comparing(AttemptRow::still)
                    .reversed()
                    .thenComparing(AttemptRow::number))
            .toList();
    for (AttemptRow row : all) {
      rows.add(row.fields());
    }
  }

  private static void cut(AtWork work, List<String> args, Rows rows)
      throws IOException, ControlProblem {
    String user = Printable.text(args.getFirst());
    // all are checked before the first is touched
    List<Long> numbers = args.subList(1, args.size()).stream().map(AttemptVerbs::number).toList();
    boolean whole = true;
    for (long number : numbers) {
      Optional<DeliveryTask> task = work.numbered(number);
      boolean done =
          task.isPresent() && work.cut(task.get(), Cut.By.OPERATOR, "the operator (" + user + ")");
      rows.add(new VerbResult(Long.toString(number), done ? 1 : 0, 0).fields());
      whole &= done;
    }
    if (!whole) {
      throw new ControlProblem("not everything could be done");
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          text + ": not the number of an attempt, as caravan queue connections shows it", e);
    }
  }
}
