package org.caravanmta.message;

import java.io.IOException;
import java.io.Writer;

/// A writer for a terminal or a log that passes on only {@link Printable} characters, line ends and
/// tabs (CWE-150).
public final class PrintableWriter extends Writer {
  private static final char NOTHING = 0;

  private final Writer to;

  /// A character that is judged together with the next: CR, or the first half of a surrogate pair.
  private char held = NOTHING;

  public PrintableWriter(Writer to) {
    this.to = to;
  }

  @Override
  public void write(char[] text, int start, int length) throws IOException {
    var clean = new StringBuilder(length + 2);
    for (int i = start; i < start + length; i++) {
      add(text[i], clean);
    }
    to.append(clean);
  }

  private void add(char c, StringBuilder clean) {
    char before = held;
    held = NOTHING;
    if (before == '\r' && c == '\n') {
      clean.append("\r\n");
      return;
    }
    if (Character.isSurrogatePair(before, c)) {
      int pair = Character.toCodePoint(before, c);
      clean.appendCodePoint(Printable.is(pair) ? pair : Printable.INSTEAD);
      return;
    }
    if (before != NOTHING) {
      clean.append(Printable.INSTEAD);
    }
    if (c == '\r' || Character.isHighSurrogate(c)) {
      held = c;
    } else {
      clean.append(c == '\n' || c == '\t' || Printable.is(c) ? c : Printable.INSTEAD);
    }
  }

  @Override
  public void flush() throws IOException {
    to.flush();
  }

  @Override
  public void close() throws IOException {
    if (held != NOTHING) {
      to.append(Printable.INSTEAD);
      held = NOTHING;
    }
    to.close();
  }
}
