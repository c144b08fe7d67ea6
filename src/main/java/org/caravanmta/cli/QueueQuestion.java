package org.caravanmta.cli;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.VerbName;
import org.caravanmta.delivery.watch.AttemptRow;
import org.caravanmta.queue.admin.CatRow;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.admin.ListedMessage;
import org.caravanmta.queue.admin.MessageDetail;
import org.caravanmta.queue.admin.QueueCount;
import org.caravanmta.queue.admin.ShapeQuestion;
import org.caravanmta.queue.admin.ShapeRow;
import org.caravanmta.queue.admin.Touched;
import org.caravanmta.queue.admin.VerbResult;
import org.caravanmta.queue.selector.Selector;

/// Puts questions about queues to the running server and writes its answers, for `caravan queue`
/// and the options of `sendmail` (postfix `sendmail(1)`, `-bp` and `-q`). Each method returns the
/// exit status.
record QueueQuestion(ServerQuestion server) {
  /// All messages, in place of ids.
  static final List<String> ALL = List.of(VerbResult.ALL);

  private static final int DONE = 0;

  /// Not everything could be done.
  private static final int SOME = 1;

  /// Lists messages.
  ///
  /// @param queue a queue or a family; empty for all
  int list(boolean json, String queue) throws ControlProblem {
    QueueListing listing = QueueListing.of(json, server.out());
    int status =
        server.ask(VerbName.QUEUE_LIST, List.of(queue), row -> listing.add(ListedMessage.of(row)));
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

  /// Shows the messages that the options mean.
  int show(ShowOptions options) throws ControlProblem {
    if (options.onlyId().isPresent()) {
      return show(options.onlyId().get());
    }
    var text = new MessageText(server.out());
    var missing = new LinkedHashSet<>(options.ids());
    int status =
        server.ask(
            VerbName.QUEUE_SHOW,
            List.of("", options.selector().toString()),
            row -> {
              MessageDetail detail = MessageDetail.of(row);
              detail.message().id().ifPresent(missing::remove);
              text.show(detail);
            });
    if (status == DONE && !missing.isEmpty()) {
      missing.forEach(id -> server.err().println("caravan: " + id + ": no such message"));
      server.err().flush();
      return SOME;
    }
    return status;
  }

  /// Prints a message byte for byte.
  ///
  /// @param raw where the answer's bytes go
  int cat(CatOptions options, OutputStream raw) throws ControlProblem {
    var bytes = new MessageBytes(options, server.out(), raw);
    int status =
        server.ask(VerbName.QUEUE_CAT, options.question().args(), row -> bytes.add(CatRow.of(row)));
    if (bytes.mixed()) {
      server
          .err()
          .println(
              "caravan: its parts are not the same; --envelope says which are, --queue takes one");
      server.err().flush();
    }
    return status;
  }

  int flush(List<String> ids) throws ControlProblem {
    int status =
        server.ask(
            VerbName.QUEUE_FLUSH,
            ids,
            row -> {
              VerbResult result = VerbResult.of(row);
              if (!result.target().equals(VerbResult.ALL)) {
                server.out().println(text(result, "flushed"));
              }
            });
    if (status == DONE && ids.contains(VerbResult.ALL)) {
      // no number: mail that the reader of a lane holds is released by the reader, and not counted
      server.out().println("all deferred mail is due now");
      server.out().flush();
    }
    return status;
  }

  /// @param queue only messages there, in a queue or a family; empty for all
  int delete(String queue, List<String> ids) throws ControlProblem {
    return each(VerbName.QUEUE_DELETE, "deleted", of(queue, ids));
  }

  /// @param queue only messages there, in a queue or a family; empty for all
  int hold(String queue, List<String> ids) throws ControlProblem {
    return each(VerbName.QUEUE_HOLD, "put on hold", of(queue, ids));
  }

  /// @param queue only messages there, `hold` or `dead`; empty for both
  int release(String queue, List<String> ids) throws ControlProblem {
    return each(VerbName.QUEUE_RELEASE, "released", of(queue, ids));
  }

  /// Lists the messages that a selector means.
  int find(boolean json, Selector selector) throws ControlProblem {
    QueueListing listing = QueueListing.of(json, server.out());
    int status =
        server.ask(
            VerbName.QUEUE_FIND,
            List.of(selector.toString()),
            row -> listing.add(ListedMessage.of(row)));
    if (status == DONE) {
      listing.end();
      server.out().flush();
    }
    return status;
  }

  /// Counts them.
  int count(boolean json, Selector selector) throws ControlProblem {
    var table = new CountTable(json, server.out());
    int status =
        server.ask(
            VerbName.QUEUE_COUNT,
            List.of(selector.toString()),
            row -> table.add(QueueCount.of(row)));
    if (status == DONE) {
      table.end();
      server.out().flush();
    }
    return status;
  }

  /// Counts them by domain and age.
  int shape(ShapeOptions options) throws ControlProblem {
    ShapeQuestion question = options.question();
    var table = new ShapeTable(options, question.buckets(), server.out());
    int status =
        server.ask(VerbName.QUEUE_SHAPE, question.args(), row -> table.add(ShapeRow.of(row)));
    if (status == DONE) {
      table.end();
      server.out().flush();
    }
    return status;
  }

  /// Does something to the messages that the options mean.
  ///
  /// @param argument of the deed; empty for none
  int change(Deed deed, String argument, DeedOptions options) throws ControlProblem {
    var outcomes = new DeedOutcomes(deed, options.json(), server.out());
    int status = DONE;
    for (Selector selector : options.selectors()) {
      int some =
          server.ask(
              VerbName.QUEUE_CHANGE,
              List.of(deed.word(), argument, Boolean.toString(options.dry()), selector.toString()),
              row -> outcomes.add(Touched.of(row)));
      status = Math.max(status, some);
      if (some != DONE && some != SOME) {
        break;
      }
    }
    if (status == DONE || status == SOME) {
      outcomes.end();
    }
    server.out().flush();
    return status;
  }

  /// Lists the attempts at delivery that are being made.
  int connections(boolean json) throws ControlProblem {
    var table = new ConnectionTable(json, server.out());
    int status =
        server.ask(VerbName.QUEUE_CONNECTIONS, List.of(), row -> table.add(AttemptRow.of(row)));
    if (status == DONE) {
      table.end();
      server.out().flush();
    }
    return status;
  }

  /// Ends attempts at delivery.
  ///
  /// @param user who wants it
  int cut(String user, List<String> numbers) throws ControlProblem {
    return server.ask(
        VerbName.QUEUE_CUT,
        of(user, numbers),
        row -> {
          VerbResult result = VerbResult.of(row);
          server
              .out()
              .println(
                  result.target()
                      + (result.found() ? ": cut" : ": no such attempt, or it is cut already"));
        });
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

  private static List<String> of(String first, List<String> ids) {
    var args = new ArrayList<String>();
    args.add(first);
    args.addAll(ids);
    return args;
  }
}
