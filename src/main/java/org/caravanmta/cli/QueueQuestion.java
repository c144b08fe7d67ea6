package org.caravanmta.cli;

import java.util.ArrayList;
import java.util.List;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.VerbName;
import org.caravanmta.queue.admin.MessageDetail;
import org.caravanmta.queue.admin.QueuedMessage;
import org.caravanmta.queue.admin.VerbResult;

/// The questions about queues, and how their answers are written: those of `caravan queue`, and of
/// the options that `sendmail` has for them. Each returns the exit status.
record QueueQuestion(ServerQuestion server) {
  /// In place of ids.
  static final List<String> ALL = List.of(VerbResult.ALL);

  private static final int DONE = 0;

  /// @param queue one, or a family; empty for all
  int list(boolean json, String queue) throws ControlProblem {
    QueueListing listing = QueueListing.of(json, server.out());
    int status =
        server.ask(VerbName.QUEUE_LIST, List.of(queue), row -> listing.add(QueuedMessage.of(row)));
    if (status == DONE) {
      listing.end();
      server.out().flush();
    }
    return status;
  }

  int show(String id) throws ControlProblem {
    var text = new MessageText(server.out());
    return server.ask(VerbName.QUEUE_SHOW, List.of(id), row -> text.show(MessageDetail.of(row)));
  }

  int flush(List<String> ids) throws ControlProblem {
    int status = each(VerbName.QUEUE_FLUSH, "flushed", ids);
    if (status == DONE && ids.contains(VerbResult.ALL)) {
      // what a lane's reader holds it lets go itself, and is not counted
      server.out().println("all deferred mail is due now");
      server.out().flush();
    }
    return status;
  }

  /// @param queue as of the next two: only those there; empty for all
  int delete(String queue, List<String> ids) throws ControlProblem {
    return each(VerbName.QUEUE_DELETE, "deleted", of(queue, ids));
  }

  int hold(String queue, List<String> ids) throws ControlProblem {
    return each(VerbName.QUEUE_HOLD, "put on hold", of(queue, ids));
  }

  int release(String queue, List<String> ids) throws ControlProblem {
    return each(VerbName.QUEUE_RELEASE, "released", of(queue, ids));
  }

  private int each(String verb, String done, List<String> args) throws ControlProblem {
    return server.ask(verb, args, row -> server.out().println(text(VerbResult.of(row), done)));
  }

  private static String text(VerbResult result, String done) {
    if (!result.found()) {
      return result.target() + ": no such message there";
    }
    return result.target()
        + ": "
        + result.done()
        + " "
        + done
        + (result.taken() == 0 ? "" : ", " + result.taken() + " taken by a stage, try again");
  }

  private static List<String> of(String queue, List<String> ids) {
    var args = new ArrayList<String>();
    args.add(queue);
    args.addAll(ids);
    return args;
  }
}
