package org.caravanmta.restriction;

import org.caravanmta.message.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of restrictions that do not refuse, in the words of Postfix's smtpd; a refusal is
/// logged by the session that gives it.
final class ListLog {
  private static final Logger LOG = LoggerFactory.getLogger(ListLog.class);

  private ListLog() {}

  /// @param word `reject_warning`, `warn`, `info`, `hold`, `discard`, `redirect`, `bcc`
  static void say(String word, RestrictedCase asked, String text) {
    if (LOG.isInfoEnabled()) {
      String id = asked.passage().id();
      String line =
          (id.isEmpty() ? "NOQUEUE" : id)
              + ": "
              + word
              + ": "
              + asked.state()
              + " from "
              + asked.client()
              + ": "
              + text
              + "; from=<"
              + asked.sender()
              + ">"
              + asked.recipient().map(to -> " to=<" + to + ">").orElse("")
              + " proto="
              + asked.client().protocol()
              + " helo=<"
              + asked.client().helo()
              + ">";
      LOG.info("{}", Printable.text(line));
    }
  }

  static void trouble(String what) {
    LOG.warn("{}", Printable.text(what));
  }
}
