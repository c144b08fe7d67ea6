package org.caravanmta.queue.admin;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.control.VerbName;
import org.caravanmta.queue.admin.QueueAdmin.Result;
import org.caravanmta.queue.admin.QueueAdmin.Target;

/// The operator's verbs on queues, as the control channel names them: `queue.list FORMAT QUEUE`,
/// `queue.show ID`, `queue.flush ID…`, and `queue.delete`, `queue.hold`, `queue.release` with
/// `QUEUE ID…`. An empty QUEUE is any, an ID may be `ALL`.
public final class QueueVerbs {
  private QueueVerbs() {}

  /// @param unqueued what waits for its queue now
  /// @param revive has destinations that could not be reached tried again with what is flushed
  public static Map<String, ControlVerb> of(
      QueueAdmin admin, Supplier<List<Unqueued>> unqueued, Runnable revive) {
    var verbs = new HashMap<String, ControlVerb>();
    verbs.put(
        VerbName.QUEUE_LIST,
        (args, out) -> {
          QueueListing listing = QueueListing.of(args.getFirst().equals("json"), out);
          admin.list(args.get(1), unqueued.get(), listing::add);
          listing.end();
        });
    verbs.put(
        VerbName.QUEUE_SHOW,
        (args, out) -> {
          String id = args.getFirst();
          List<QueueEntry> parts = id.equals("ALL") ? List.of() : admin.parts(Target.parse(id));
          if (parts.isEmpty()) {
            throw new ControlProblem(id + ": no such message");
          }
          parts.forEach(part -> QueueListing.show(part, out));
        });
    verbs.put(
        VerbName.QUEUE_FLUSH,
        (args, out) -> {
          revive.run();
          each(args, "flushed", admin::flush, out);
          if (args.contains("ALL")) {
            // what a lane's reader holds it lets go itself, and is not counted
            out.append("all deferred mail is due now\n");
          }
        });
    verbs.put(
        VerbName.QUEUE_DELETE,
        (args, out) ->
            each(rest(args), "deleted", target -> admin.delete(target, args.getFirst()), out));
    verbs.put(
        VerbName.QUEUE_HOLD,
        (args, out) ->
            each(rest(args), "put on hold", target -> admin.hold(target, args.getFirst()), out));
    verbs.put(
        VerbName.QUEUE_RELEASE,
        (args, out) ->
            each(rest(args), "released", target -> admin.release(target, args.getFirst()), out));
    return Map.copyOf(verbs);
  }

  @FunctionalInterface
  private interface Deed {
    Result to(Target target) throws Exception;
  }

  private static void each(List<String> ids, String done, Deed deed, Appendable out)
      throws Exception {
    // all are checked before the first is touched
    List<Target> targets = ids.stream().map(Target::parse).toList();
    boolean whole = true;
    for (Target target : targets) {
      Result result = deed.to(target);
      whole &= say(target, done, result, out);
    }
    if (!whole) {
      throw new ControlProblem("not everything could be done");
    }
  }

  private static boolean say(Target target, String done, Result result, Appendable out)
      throws IOException {
    String name = target.id().orElse("ALL");
    if (result.done() == 0 && result.taken() == 0 && target.id().isPresent()) {
      out.append(name + ": no such message there\n");
      return false;
    }
    out.append(name + ": " + result.done() + " " + done);
    if (result.taken() > 0) {
      out.append(", " + result.taken() + " taken by a stage, try again");
    }
    out.append("\n");
    return result.taken() == 0;
  }

  private static List<String> rest(List<String> args) {
    return args.subList(1, args.size());
  }
}
