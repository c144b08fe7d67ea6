package org.caravanmta.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.message.Status;
import org.caravanmta.smtp.Reply;

/// Reads replies (RFC 5321 §4.2) off a connection. Forgiving where servers are known to err, a bare
/// LF or a reply without text; bounded where one could exhaust us.
final class ReplyReader {
  /// RFC 5321 §4.5.3.1.5 says 512.
  private static final int LONGEST_LINE = 4096;

  /// No EHLO reply comes near it.
  private static final int MOST_LINES = 200;

  private final InputStream in;
  private final byte[] buffer = new byte[LONGEST_LINE];
  private int from;
  private int to;

  ReplyReader(InputStream in) {
    this.in = in;
  }

  /// What the server sent is no reply.
  static final class Garbled extends IOException {
    private static final long serialVersionUID = 1L;

    Garbled(String what) {
      super(what);
    }
  }

  /// @throws EOFException if the server has closed the connection
  /// @throws Garbled if what comes is no reply
  Reply read() throws IOException {
    var lines = new ArrayList<String>();
    Optional<Status> status = Optional.empty();
    int code = 0;
    while (lines.size() < MOST_LINES) {
      String line = line();
      int found = code(line);
      if (!lines.isEmpty() && found != code) {
        throw new Garbled("a reply whose lines begin with " + code + " and " + found);
      }
      code = found;
      String text = line.length() > 4 ? line.substring(4) : "";
      var mark = mark(text, code);
      if (mark.isPresent()) {
        status = status.or(() -> mark);
        text = text.substring(mark.get().toString().length()).stripLeading();
      }
      lines.add(text);
      if (line.length() < 4 || line.charAt(3) == ' ') {
        return new Reply(code, status, List.copyOf(lines));
      }
    }
    throw new Garbled("a reply of more than " + MOST_LINES + " lines");
  }

  /// Whether bytes have been read that no reply has used: a server that talks out of turn.
  boolean ahead() {
    return from < to;
  }

  private static int code(String line) throws Garbled {
    if (line.length() >= 3
        && line.chars().limit(3).allMatch(c -> c >= '0' && c <= '9')
        && line.charAt(0) >= '2'
        && line.charAt(0) <= '5'
        && (line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-')) {
      return Integer.parseInt(line.substring(0, 3));
    }
    throw new Garbled("\"" + line.substring(0, Math.min(line.length(), 80)) + "\" is no reply");
  }

  /// The enhanced status at the head of a line, if its class is that of the code (RFC 2034 §4).
  private static Optional<Status> mark(String text, int code) {
    int space = text.indexOf(' ');
    return Status.parse(space < 0 ? text : text.substring(0, space))
        .filter(status -> status.digit() == code / 100);
  }

  private String line() throws IOException {
    int scanned = from;
    while (true) {
      for (; scanned < to; scanned++) {
        if (buffer[scanned] == '\n') {
          int end = scanned > from && buffer[scanned - 1] == '\r' ? scanned - 1 : scanned;
          String line = printable(new String(buffer, from, end - from, StandardCharsets.UTF_8));
          from = scanned + 1;
          return line;
        }
      }
      if (from > 0) {
        System.arraycopy(buffer, from, buffer, 0, to - from);
        scanned -= from;
        to -= from;
        from = 0;
      }
      if (to == buffer.length) {
        throw new Garbled("a reply line of more than " + LONGEST_LINE + " bytes");
      }
      int count = in.read(buffer, to, buffer.length - to);
      if (count < 0) {
        throw new EOFException();
      }
      to += count;
    }
  }

  /// Replies go into the log and into reports: nothing in them may look like a line of ours.
  private static String printable(String line) {
    return line.codePoints().anyMatch(Character::isISOControl)
        ? line.replaceAll("\\p{Cntrl}", "?")
        : line;
  }
}
