package org.caravanmta.reception.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.caravanmta.address.Ascii;
import org.caravanmta.event.Events;
import org.caravanmta.event.SessionEvent;
import org.caravanmta.event.Trouble;
import org.caravanmta.message.Client;
import org.caravanmta.smtp.Reply;

/// What a client and we have said in one session (RFC 5321 §4), for a postmaster who wants to hear
/// of such trouble as there was in it (postfix `notify_classes`). Neither content nor what a login
/// consists of is in it. Where the operator wants none of that, nothing is kept.
final class Transcript {
  /// Lines that are kept: the last ones, where most of what went wrong is.
  private static final int MOST_LINES = 100;

  /// Characters of a line that are kept.
  private static final int MOST_CHARACTERS = 512;

  private static final String AUTH = "AUTH ";

  private final Set<Trouble> wanted;
  private final Set<Trouble> seen = EnumSet.noneOf(Trouble.class);
  private final Deque<String> lines = new ArrayDeque<>();
  private int dropped;

  Transcript(Set<Trouble> wanted) {
    this.wanted = wanted;
  }

  /// The client has sent a command.
  void heard(String line) {
    if (!wanted.isEmpty()) {
      add("In:  " + withoutSecret(line));
    }
  }

  /// We have replied.
  void said(Reply reply) {
    if (wanted.isEmpty()) {
      return;
    }
    Trouble.of(reply).ifPresent(seen::add);
    for (String line : reply.onTheWire().split("\r\n")) {
      add("Out: " + line);
    }
  }

  /// The session is over.
  void end(Client client) {
    seen.retainAll(wanted);
    if (seen.isEmpty()) {
      return;
    }
    List<String> all = new ArrayList<>(lines);
    if (dropped > 0) {
      all.addFirst("(" + dropped + " lines before)");
    }
    Events.tell(new SessionEvent.Troubled(client, seen, all));
  }

  private void add(String line) {
    lines.add(line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + "..." : line);
    if (lines.size() > MOST_LINES) {
      lines.remove();
      dropped++;
    }
  }

  /// The command without the response that a login may begin with (RFC 4954 §4).
  private static String withoutSecret(String line) {
    String text = line.strip();
    if (!Ascii.begins(text, AUTH)) {
      return text;
    }
    String rest = text.substring(AUTH.length()).strip();
    int end = rest.indexOf(' ');
    return AUTH + (end < 0 ? rest : rest.substring(0, end) + " (hidden)");
  }
}
