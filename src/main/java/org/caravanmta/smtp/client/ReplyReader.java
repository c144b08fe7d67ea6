package org.caravanmta.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.caravanmta.smtp.Reply;

/// Reads replies (RFC 5321 §4.2) from a connection, as leniently as postfix `smtp_chat_resp()`:
/// what a server has done does not depend on how well it says so. The line that ends a reply
/// decides, whatever the lines before it say; a line without a code is not part of a reply, see
/// {@link ReplyLine}; what is too long is cut. Bytes and time are limited, so that no server can
/// exhaust us.
final class ReplyReader {
  /// A server whose reply is longer will not come to an end.
  private static final int MOST_BYTES = 4 << 20;

  /// How many characters of a line without a code the log shows.
  private static final int SHOWN = 100;

  /// How many times the time-out a whole reply may take, if a server sends it bit by bit (a tar
  /// pit).
  private static final int TIMEOUTS = 10;

  private final InputStream in;
  private final byte[] buffer = new byte[ReplyLine.LONGEST];
  private int from;
  private int to;
  private int left;
  private long begun;
  private long longest;
  private Optional<String> skipped = Optional.empty();
  private boolean whole;

  ReplyReader(InputStream in) {
    this.in = in;
  }

  /// Thrown when what the server sends is too long to be a reply.
  static final class Garbled extends IOException {
    private static final long serialVersionUID = 1L;

    Garbled(String what) {
      super(what);
    }
  }

  /// Reads the next reply.
  ///
  /// @param timeout how long to wait for each piece; the whole reply may take {@value #TIMEOUTS}
  ///   times as long
  /// @throws EOFException if the server has closed the connection
  /// @throws SocketTimeoutException if nothing comes in time, or the reply does not end in time
  /// @throws Garbled if the reply is too long
  Reply read(Duration timeout) throws IOException {
    var reply = new ReplyText();
    left = MOST_BYTES;
    begun = System.nanoTime();
    longest = timeout.toNanos() * TIMEOUTS;
    skipped = Optional.empty();
    whole = true;
    while (true) {
      ReplyLine line = line();
      if (reply.add(line)) {
        return reply.reply();
      }
      if (line.code() < 0 && skipped.isEmpty()) {
        skipped = Optional.of(line.text().substring(0, Math.min(line.text().length(), SHOWN)));
      }
    }
  }

  /// The first line without a code that came before the last reply. If several replies are
  /// expected, nobody can tell which of them it was meant to be.
  Optional<String> skipped() {
    return skipped;
  }

  /// Whether the last reply came to the end of its line: without it, it is taken for what it is as
  /// far as it came, and more may have been to come.
  boolean whole() {
    return whole;
  }

  /// Whether bytes have been read that are not part of any reply so far: the server speaks without
  /// being asked.
  boolean ahead() {
    return from < to;
  }

  private ReplyLine line() throws IOException {
    int scanned = from;
    while (true) {
      for (; scanned < to; scanned++) {
        if (buffer[scanned] == '\n') {
          var line = ReplyLine.of(buffer, from, scanned);
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
        var line = ReplyLine.of(buffer, 0, to);
        from = to;
        skipRest();
        return line;
      }
      try {
        fill();
      } catch (IOException e) {
        return unended(e);
      }
    }
  }

  /// Reads on to the end of a line that is too long.
  private void skipRest() throws IOException {
    while (true) {
      for (int at = from; at < to; at++) {
        if (buffer[at] == '\n') {
          from = at + 1;
          return;
        }
      }
      from = 0;
      to = 0;
      try {
        fill();
      } catch (Garbled e) {
        throw e;
      } catch (IOException e) {
        return; // the next read fails as well
      }
    }
  }

  private void fill() throws IOException {
    int count = in.read(buffer, to, buffer.length - to);
    if (count < 0) {
      throw new EOFException();
    }
    to += count;
    left -= count;
    if (System.nanoTime() - begun > longest) {
      throw new SocketTimeoutException("a reply that does not end");
    }
    if (left < 0) {
      throw new Garbled("a reply of more than " + MOST_BYTES + " bytes");
    }
  }

  /// The last line from a server that ended its lines with CR alone, or did not end the last one.
  ///
  /// @param why how reading failed; thrown if what came is not a whole line
  private ReplyLine unended(IOException why) throws IOException {
    ReplyLine last = ReplyLine.of(buffer, from, from);
    boolean ended = false;
    for (int start = from, at = from; at <= to; at++) {
      if (at == to || buffer[at] == '\r') {
        if (at > start) {
          last = ReplyLine.of(buffer, start, at);
          ended = at < to;
        }
        start = at + 1;
      }
    }
    from = to;
    if (last.ends() && (ended || !last.bare())) {
      whole = ended;
      return last;
    }
    throw why;
  }
}
