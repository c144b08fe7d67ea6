package org.caravanmta.restriction.blocked;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.VerbName;
import org.caravanmta.state.BlockedSender;
import org.caravanmta.state.StateUnavailable;

/// The operator's verbs on blocked senders, as the control channel names them: `quarantine.block`,
/// `quarantine.unblock` and `quarantine.blocked`.
public final class BlockVerbs {
  private BlockVerbs() {}

  public static Map<String, ControlVerb> of(Blocklist list, InstantSource clock) {
    return Map.of(
        VerbName.QUARANTINE_BLOCKED,
        (_, rows) -> {
          for (BlockedSender each : said(list::all)) {
            rows.add(new BlockRow(each, false).fields());
          }
        },
        VerbName.QUARANTINE_BLOCK,
        (args, rows) -> {
          require(args);
          boolean done = said(() -> list.add(args.get(1), args.get(2), args.getFirst()));
          rows.add(new BlockRow(named(args, clock), done).fields());
        },
        VerbName.QUARANTINE_UNBLOCK,
        (args, rows) -> {
          require(args);
          if (!said(() -> list.remove(args.get(1), args.get(2), args.getFirst()))) {
            throw new ControlProblem(
                args.get(1)
                    + " is not blocked for "
                    + (args.get(2).isEmpty() ? "everybody" : args.get(2)));
          }
          rows.add(new BlockRow(named(args, clock), true).fields());
        });
  }

  private static BlockedSender named(List<String> args, InstantSource clock) {
    return new BlockedSender(args.get(1), args.get(2), args.getFirst(), clock.instant());
  }

  private interface Asked<T> {
    T of() throws StateUnavailable;
  }

  private static <T> T said(Asked<T> asked) throws ControlProblem {
    try {
      return asked.of();
    } catch (StateUnavailable e) {
      throw new ControlProblem(
          "the database of blocked senders (state.url) cannot be asked: " + e.getMessage());
    }
  }

  private static void require(List<String> args) {
    if (args.size() != 3) {
      throw new IllegalArgumentException("expected 3 arguments, were " + args.size());
    }
  }
}
