package org.caravanmta.submission;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A message as a program writes it to the command `sendmail`, read as mail has it (RFC 5322 §2.1):
/// every line ends with CRLF, the lines that separate messages in an mbox file (`From `, after any
/// number of `>`) are left out at its start, a CR within a line is a space, and unless the program
/// says otherwise a line of one dot ends it.
public final class SendmailInput extends InputStream {
  private static final int BUFFER = 64 * 1024;
  private static final int END = -1;

  private final InputStream in;
  private final boolean dotEnds;
  private boolean begun;
  private boolean ended;
  private boolean lineStart = true;
  // read ahead, or to be given next; END when there is none
  private int ahead = END;
  private int next = END;

  public SendmailInput(InputStream in, boolean dotEnds) {
    this.in = new BufferedInputStream(in, BUFFER);
    this.dotEnds = dotEnds;
  }

  @Override
  public int read() throws IOException {
    if (!begun) {
      begun = true;
      skipMailboxLines();
    }
    if (next != END) {
      int given = next;
      next = END;
      return given;
    }
    if (ended) {
      return END;
    }
    int c = raw();
    if (c == '.' && lineStart && dotEnds && loneDot()) {
      c = END;
    }
    if (c == END) {
      ended = true;
      return lineStart ? END : lineEnd();
    }
    if (c == '\r') {
      c = raw();
      if (c != '\n') {
        ahead = c;
        lineStart = false;
        return ' ';
      }
    }
    if (c == '\n') {
      return lineEnd();
    }
    lineStart = false;
    return c;
  }

  @Override
  public int read(byte[] into, int from, int count) throws IOException {
    int done = 0;
    while (done < count) {
      int c = read();
      if (c < 0) {
        return done == 0 ? END : done;
      }
      into[from + done++] = (byte) c;
    }
    return done;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private int lineEnd() {
    lineStart = true;
    next = '\n';
    return '\r';
  }

  private int raw() throws IOException {
    if (ahead != END) {
      int c = ahead;
      ahead = END;
      return c;
    }
    return in.read();
  }

  /// Whether nothing stands after the dot that starts this line.
  private boolean loneDot() throws IOException {
    in.mark(2);
    int c = in.read();
    if (c == '\r') {
      c = in.read();
      c = c == '\n' || c == END ? c : 0;
    }
    in.reset();
    return c == '\n' || c == END;
  }

  private void skipMailboxLines() throws IOException {
    boolean skipping = true;
    while (skipping) {
      in.mark(BUFFER / 2);
      skipping = isMailboxLine();
      if (!skipping) {
        in.reset();
      }
      for (int c = 0; skipping && c != '\n' && c != END; ) {
        c = in.read();
      }
    }
  }

  private boolean isMailboxLine() throws IOException {
    int c = in.read();
    for (int marks = 1; c == '>' && marks < BUFFER / 4; marks++) {
      c = in.read();
    }
    for (char wanted : "From ".toCharArray()) {
      if (c != wanted) {
        return false;
      }
      c = wanted == ' ' ? c : in.read();
    }
    return true;
  }
}
