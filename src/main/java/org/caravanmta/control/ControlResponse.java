package org.caravanmta.control;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.caravanmta.message.Printable;

/// Writes the answer of a verb to the control channel: lines of `|` and the fields of a row, lines
/// of `!` and what was wrong, and at the end `=` and the exit status.
final class ControlResponse implements Rows {
  static final char ROW = '|';
  static final char PROBLEM = '!';
  static final char STATUS = '=';

  private final Writer to;

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
  public void add(List<String> fields) throws IOException {
    write(ROW + ControlLine.of(fields));
  }

  /// Ends the answer with lines about what was wrong.
  void end(String problem, int status) throws IOException {
    for (String line : problem.lines().toList()) {
      write(PROBLEM + Printable.text(line));
    }
    end(status);
  }

  void end(int status) throws IOException {
    write(STATUS + Integer.toString(status));
    try {
      to.flush();
    } catch (IOException e) {
      throw new Gone(e);
    }
  }

  private void write(String line) throws Gone {
    try {
      to.write(line + "\n");
    } catch (IOException e) {
      throw new Gone(e);
    }
  }
}
