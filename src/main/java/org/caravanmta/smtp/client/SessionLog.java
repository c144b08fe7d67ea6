package org.caravanmta.smtp.client;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.caravanmta.address.Ascii;
import org.caravanmta.config.Secret;
import org.caravanmta.smtp.Reply;

/// What we and a server have said in one session (RFC 5321 §4), for who wants to hear of those that
/// went against the protocol (postfix `smtp(8)`, `notify_classes`): a line that is not a reply, a
/// reply that does not end, and the codes that say so of our own commands. Neither content nor what
/// a login consists of is in it. If nobody wants to hear of it, nothing is kept.
final class SessionLog {
  /// Lines that are kept: the last ones, where most of what went wrong is.
  private static final int MOST_LINES = 100;

  /// Characters of a line that are kept.
  private static final int MOST_CHARACTERS = 512;

  private static final String AUTH = "AUTH ";
  private static final String HIDDEN = "(hidden)";

  /// Commands that we send to find out if the server knows them.
  private static final List<String> TRIED = List.of("EHLO ", Xforward.VERB, "RSET");

  private final Optional<Complaints> to;
  private final Censor censor = new Censor();
  private final Deque<String> lines = new ArrayDeque<>();
  private int dropped;
  private boolean odd;

  /// Whether the last command is one that the server need not know.
  private boolean tried;

  /// Whether the server waits for a part of a login.
  private boolean challenged;

  SessionLog(Optional<Complaints> to) {
    this.to = to;
  }

  /// Keeps a password, or a form of it, out of what follows, also where the server repeats it.
  void hide(Secret secret) {
    if (to.isPresent()) {
      censor.hide(secret);
    }
  }

  /// The same for a text.
  void hide(String text) {
    if (to.isPresent()) {
      censor.hide(text);
    }
  }

  /// We send a command.
  void said(String line) {
    if (to.isEmpty()) {
      return;
    }
    tried = TRIED.stream().anyMatch(line::startsWith);
    add("Out: " + (challenged ? HIDDEN : withoutSecret(line)));
  }

  /// The server has replied.
  ///
  /// @param skipped a line before it that is no part of it
  void heard(Reply reply, Optional<String> skipped) {
    if (to.isEmpty()) {
      return;
    }
    skipped.ifPresent(
        line -> {
          odd = true;
          add("In:  " + censor.of(line));
        });
    int code = reply.code();
    challenged = code == 334;
    // x0z: the syntax, or a command that is not known or out of place (RFC 5321 §4.2.1); 555: an
    // option that is not
    odd |= code < 200 || code > 599 || !tried && (code / 10 == 50 || code == 555);
    for (String line : censor.without(reply).onTheWire().split("\r\n")) {
      add("In:  " + "0".repeat(3 - String.valueOf(code).length()) + line);
    }
  }

  /// Nothing came that could be read as a reply.
  void garbled(IOException why) {
    if (to.isPresent()) {
      odd = true;
      add("In:  (" + why.getMessage() + ")");
    }
  }

  /// The session is over.
  void end(Peer peer) {
    if (odd && to.isPresent()) {
      odd = false;
      List<String> all = new ArrayList<>(lines);
      if (dropped > 0) {
        all.addFirst("(" + dropped + " lines before)");
      }
      to.get().about(peer, all);
    }
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
    if (!Ascii.begins(line, AUTH)) {
      return line;
    }
    int end = line.indexOf(' ', AUTH.length());
    return end < 0 ? line : line.substring(0, end) + " " + HIDDEN;
  }
}
