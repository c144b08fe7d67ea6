package org.caravanmta.control;

import java.io.IOException;
import java.io.Writer;

/// What a verb answers, framed line by line as it is written.
final class ControlResponse implements Appendable {
  private final Writer to;
  private boolean inLine;

  ControlResponse(Writer to) {
    this.to = to;
  }

  /// The asker has hung up: nothing more need be said.
  static final class Gone extends IOException {
    private static final long serialVersionUID = 1L;

    Gone(IOException cause) {
      super(cause);
    }
  }

  @Override
  public ControlResponse append(CharSequence text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      append(text.charAt(i));
    }
    return this;
  }

  @Override
  public ControlResponse append(CharSequence text, int start, int end) throws IOException {
    return append(text.subSequence(start, end));
  }

  @Override
  public ControlResponse append(char c) throws IOException {
    try {
      if (!inLine) {
        to.write('|');
        inLine = true;
      }
      to.write(c);
      inLine = c != '\n';
      return this;
    } catch (IOException e) {
      throw new Gone(e);
    }
  }

  void end(String error, int status) throws IOException {
    closeLine();
    for (String line : error.lines().toList()) {
      to.write("!" + line + "\n");
    }
    end(status);
  }

  void end(int status) throws IOException {
    closeLine();
    to.write("=" + status + "\n");
    to.flush();
  }

  private void closeLine() throws IOException {
    if (inLine) {
      append('\n');
    }
  }
}
