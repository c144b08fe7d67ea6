package org.caravanmta.event;

import org.caravanmta.log.Form;
import org.caravanmta.log.Program;
import org.caravanmta.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/// The log lines of content filters.
final class FilterLines {
  private static final Logger LOG = LoggerFactory.getLogger("org.caravanmta.filter");

  private FilterLines() {}

  static void write(FilterEvent event) {
    switch (event) {
      case FilterEvent.Judged judged -> {
        if (LOG.isInfoEnabled()) {
          LOG.info(program(judged), "{}", Printable.text(line(judged)));
        }
        if (!judged.word().equals("accept")) {
          Told.note(Told.key(judged.id(), judged.step(), judged.client()));
        }
      }
      case FilterEvent.Passed(String filter, String id, String note) ->
          LOG.info("{}: {}: {}", id, Printable.text(filter), Printable.text(note));
      case FilterEvent.Unanswered(String filter, String id, String why, String instead) ->
          LOG.warn(
              "{}: {}: no answer: {}; default_action={}",
              id.isEmpty() ? "NOQUEUE" : id,
              Printable.text(filter),
              Printable.text(why),
              instead);
      case FilterEvent.GivenUp(String filter, String server, String why) ->
          LOG.warn(
              "{}: {} fails again and again, and is not asked for a while: {}",
              Printable.text(filter),
              Printable.text(server),
              Printable.text(why));
      case FilterEvent.Restored(String filter, String server) ->
          LOG.info("{}: {} answers again", Printable.text(filter), Printable.text(server));
      case FilterEvent.Broken(String filter, String id, Throwable why) ->
          LOG.error("{}: {}: a fault of this server", id.isEmpty() ? "NOQUEUE" : id, filter, why);
    }
  }

  /// In Postfix cleanup has the message, and smtpd what comes before.
  private static Marker program(FilterEvent.Judged judged) {
    return judged.step().equals("END-OF-MESSAGE")
        ? Program.CLEANUP
        : SessionLines.program(judged.client());
  }

  /// What is set aside is on hold in Postfix.
  private static String word(FilterEvent.Judged judged) {
    return Form.isPostfix() && judged.word().equals("quarantine") ? "hold" : judged.word();
  }

  /// As Postfix has it: `milter-reject: END-OF-MESSAGE from client: text; from=<…> …`.
  private static String line(FilterEvent.Judged judged) {
    String filter = judged.filter();
    int end = filter.indexOf(' ');
    return (judged.id().isEmpty() ? "NOQUEUE" : judged.id())
        + ": "
        + (end < 0 ? filter : filter.substring(0, end))
        + "-"
        + word(judged)
        + ": "
        + judged.step()
        + " from "
        + judged.client()
        + ": "
        + judged.text()
        + ";"
        + judged.sender().map(from -> " from=<" + from + ">").orElse("")
        + judged.recipient().map(to -> " to=<" + to + ">").orElse("")
        + " proto="
        + judged.client().protocol()
        + " helo=<"
        + judged.client().helo()
        + "> filter=<"
        + filter
        + ">";
  }
}
