package org.caravanmta.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.VerbName;
import org.caravanmta.quarantine.QuarantineRow;
import org.caravanmta.quarantine.Rescanned;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.admin.Touched;
import org.caravanmta.queue.admin.VerbResult;
import org.caravanmta.queue.selector.Selector;

/// Puts questions about the quarantine to the running server and writes its answers. Each method
/// returns the exit status.
record QuarantineQuestion(ServerQuestion server) {
  private static final int DONE = 0;

  /// Not everything could be done.
  private static final int SOME = 1;

  /// Lists the messages that a selector means.
  int list(boolean json, Selector selector) throws ControlProblem {
    var text = new QuarantineText(json, server.out());
    int status =
        server.ask(
            VerbName.QUARANTINE_LIST,
            List.of(selector.toString()),
            row -> text.list(QuarantineRow.of(row)));
    if (status == DONE) {
      text.end();
    }
    server.out().flush();
    return status;
  }

  /// Shows the messages that the options mean.
  int show(ShowOptions options) throws ControlProblem {
    var text = new QuarantineText(false, server.out());
    Set<String> missing = new LinkedHashSet<>(options.ids());
    int status =
        server.ask(
            VerbName.QUARANTINE_SHOW,
            List.of(options.selector().toString()),
            row -> {
              QuarantineRow shown = QuarantineRow.of(row);
              missing.remove(shown.entry().id());
              text.show(shown);
            });
    return missed(status, missing);
  }

  /// Releases or deletes the messages that the options mean.
  ///
  /// @param user who wants it
  int change(String user, Deed deed, DeedOptions options) throws ControlProblem {
    var outcomes = new DeedOutcomes(deed, options.json(), server.out());
    Set<String> missing = named(options);
    int status = DONE;
    for (Selector selector : options.selectors()) {
      status =
          Math.max(
              status,
              server.ask(
                  VerbName.QUARANTINE_CHANGE,
                  List.of(user, deed.word(), Boolean.toString(options.dry()), selector.toString()),
                  row -> {
                    Touched touched = Touched.of(row);
                    touched.id().ifPresent(missing::remove);
                    outcomes.add(touched);
                  }));
    }
    return ended(status, missing, outcomes::end);
  }

  /// Has filters asked again about the messages that the options mean.
  ///
  /// @param user who wants it
  int rescan(String user, DeedOptions options) throws ControlProblem {
    var text = new RescanText(options.json(), server.out());
    Set<String> missing = named(options);
    int status = DONE;
    for (Selector selector : options.selectors()) {
      status =
          Math.max(
              status,
              server.ask(
                  VerbName.QUARANTINE_RESCAN,
                  List.of(user, selector.toString()),
                  row -> {
                    Rescanned rescanned = Rescanned.of(row);
                    missing.remove(rescanned.id());
                    text.add(rescanned);
                  }));
    }
    return ended(status, missing, text::end);
  }

  private int ended(int status, Set<String> missing, Runnable end) {
    if (status == DONE || status == SOME) {
      end.run();
    }
    server.out().flush();
    return missed(status, missing);
  }

  private static Set<String> named(DeedOptions options) {
    Set<String> named = new LinkedHashSet<>(options.ids());
    named.remove(VerbResult.ALL);
    return named;
  }

  private int missed(int status, Set<String> missing) {
    if (status > SOME || missing.isEmpty()) {
      return status;
    }
    missing.forEach(
        id -> server.err().println("caravan: " + id + ": no such message in the quarantine"));
    server.err().flush();
    return SOME;
  }
}
