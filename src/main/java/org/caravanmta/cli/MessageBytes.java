package org.caravanmta.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import org.caravanmta.queue.admin.CatQuestion;
import org.caravanmta.queue.admin.CatRow;

/// Writes a message as `caravan queue cat` prints it (postfix `postcat(1)`): envelopes in words,
/// the message byte for byte, unless it goes to a terminal ({@link TerminalBytes}).
final class MessageBytes {
  private final CatOptions options;
  private final CatQuestion question;
  private final PrintWriter out;
  private final OutputStream raw;
  private boolean begun;

  /// Whether another message than the first has been written where nothing stands between them.
  private boolean mixed;

  /// @param raw where `out` goes to
  MessageBytes(CatOptions options, PrintWriter out, OutputStream raw) {
    this.options = options;
    this.question = options.question();
    this.out = out;
    this.raw = raw;
  }

  void add(CatRow row) throws IOException {
    switch (row) {
      case CatRow.Part(var detail, boolean same) -> {
        if (options.envelope()) {
          new MessageText(out).envelope(detail);
          if (same && (question.headers() || question.body())) {
            out.print("(the message is the same)\n");
          }
          out.print('\n');
          out.flush();
        } else {
          mixed |= begun && !same;
        }
        begun = true;
      }
      case CatRow.Bytes(byte[] bytes) -> {
        raw.write(bytes);
        raw.flush();
      }
    }
  }

  /// Whether more than one message was written without anything between them.
  boolean mixed() {
    return mixed;
  }
}
