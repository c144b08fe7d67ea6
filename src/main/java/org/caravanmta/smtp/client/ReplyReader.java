package org.caravanmta.smtp.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.caravanmta.smtp.Reply;

/// Reads replies (RFC 5321 §4.2) off a connection, as forgiving as servers are careless (postfix
/// `smtp_chat_resp()`): what a server has done does not depend on how well it says so. The line
/// that ends a reply decides, whatever lines before it say; a line without a code is not a reply,
/// see {@link ReplyLine}; what is too long is cut. Bounded where a server could exhaust us.
final class ReplyReader {
  /// Of one reply. Past it the server will not come to an end.
  private static final int MOST_BYTES = 4 << 20;

  /// Characters of a strange line that the log has.
  private static final int SHOWN = 100;

  /// A server may keep us waiting line by line (a tar pit), but not forever.
  private static final int PIECES = 10;

  private final InputStream in;
  private final byte[] buffer = new byte[ReplyLine.LONGEST];
  private int from;
  private int to;
  private int left;
  private long begun;
  private long longest;
  private Optional<String> skipped = Optional.empty();

  ReplyReader(InputStream in) {
    this.in = in;
  }

  /// What the server sends does not end in a reply.
  static final class Garbled extends IOException {
    private static final long serialVersionUID = 1L;

    Garbled(String what) {
      super(what);
    }
  }

  /// @param patience for each piece that comes; the whole may take {@value #PIECES} times as long
  /// @throws EOFException if the server has closed the connection
  /// @throws Garbled if what comes does not end
  Reply read(Duration patience) throws IOException {
    var reply = new ReplyText();
    left = MOST_BYTES;
    begun = System.nanoTime();
    longest = patience.toNanos() * PIECES;
    skipped = Optional.empty();
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

  /// The first line that came with the last reply and is not part of one: of several replies that
  /// are awaited, nobody knows which it is.
  Optional<String> skipped() {
    return skipped;
  }

  /// Whether bytes have been read that no reply has used: a server that talks out of turn.
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

  /// The end of a line whose beginning says enough.
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
        return; // the next line will not come either
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

  /// What is left of a server that ends its lines with CR alone, or does not end the last one.
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
      return last;
    }
    throw why;
  }
}
