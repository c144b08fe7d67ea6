package org.caravanmta.suspension;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.VerbName;
import org.caravanmta.event.Events;
import org.caravanmta.event.OperatorEvent;
import org.caravanmta.queue.selector.Glob;

/// The operator's verbs on suspensions, as the control channel names them: `suspension.list`,
/// `suspension.add` and `suspension.remove`.
public final class SuspensionVerbs {
  private SuspensionVerbs() {}

  /// What follows from a change, where mail is.
  public interface Effects {
    /// Has tasks that wait for their turn look at the list again.
    void suspended(Suspension suspension);

    /// Has what has waited tried now.
    ///
    /// @return how many messages
    long resumed(Suspension suspension) throws Exception;
  }

  /// @param transports all there are
  public static Map<String, ControlVerb> of(
      Suspensions suspensions,
      Collection<String> transports,
      Effects effects,
      InstantSource clock) {
    return Map.of(
        VerbName.SUSPENSION_LIST,
        (_, rows) -> {
          for (Suspension each : suspensions.all()) {
            rows.add(each.fields());
          }
        },
        VerbName.SUSPENSION_ADD,
        (args, rows) -> {
          require(args, 4);
          var suspension =
              Suspension.of(
                  Suspension.Kind.of(args.getFirst()),
                  args.get(1),
                  args.get(2),
                  args.get(3),
                  clock.instant());
          expect(suspension, transports);
          suspensions.add(suspension);
          Events.tell(
              new OperatorEvent.Suspended(
                  suspension.name(), suspension.author(), suspension.reason()));
          effects.suspended(suspension);
          rows.add(suspension.fields());
        },
        VerbName.SUSPENSION_REMOVE,
        (args, rows) -> {
          require(args, 3);
          Suspension.Kind kind = Suspension.Kind.of(args.getFirst());
          Glob pattern = kind.pattern(args.get(1));
          List<Suspension> found = suspensions.remove(kind, pattern);
          if (found.isEmpty()) {
            throw new ControlProblem(kind.word() + " " + pattern.pattern() + " is not suspended");
          }
          for (Suspension each : found) {
            Events.tell(new OperatorEvent.Resumed(each.name(), args.get(2)));
          }
          for (Suspension each : found) {
            rows.add(new Resumed(each, effects.resumed(each)).fields());
          }
        });
  }

  /// A transport that does not exist is a slip of the pen: mail would go on.
  private static void expect(Suspension suspension, Collection<String> transports) {
    if (suspension.kind() == Suspension.Kind.TRANSPORT
        && transports.stream().noneMatch(suspension.what()::fits)) {
      throw new IllegalArgumentException(
          "there is no transport %s; there are %s"
              .formatted(
                  suspension.what().pattern(), String.join(", ", new TreeSet<>(transports))));
    }
  }

  private static void require(List<String> args, int count) {
    if (args.size() != count) {
      throw new IllegalArgumentException("expected " + count + " arguments, were " + args.size());
    }
  }
}
