package org.caravanmta.cli;

import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.caravanmta.message.PrintableWriter;

/// Bytes of messages on their way to a terminal, which they must not control (CWE-150): shown as
/// text in UTF-8, as far as they can be.
final class TerminalBytes extends OutputStream {
  /// The standard output of this process, where the system says what it is.
  private static final Path OUTPUT = Path.of("/proc/self/fd/1");

  private final Writer to;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  /// The begin of a character whose other bytes have not come yet.
  private byte[] rest = {};

  TerminalBytes(Writer terminal) {
    this.to = new PrintableWriter(terminal);
  }

  /// Whether the standard output is a terminal.
  @SuppressWarnings("SystemConsoleNull") // it may be null again since Java 25
  static boolean isOutput() {
    try {
      String target = Files.readSymbolicLink(OUTPUT).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.startsWith("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      // not Linux; it says so only if its input is one, too
      Console console = System.console();
      return console != null && console.isTerminal();
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(rest.length + length).put(rest).put(bytes, from, length);
    in.flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    decoder.decode(in, out, false);
    rest = new byte[in.remaining()];
    in.get(rest);
    to.append(out.flip());
  }

  @Override
  public void flush() throws IOException {
    to.flush();
  }
}
