package org.caravanmta.filter.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import org.caravanmta.config.Size;
import org.caravanmta.filter.contract.FilterAnswer;

/// What a program prints, compared with what it was given. Its end counts only when the program has
/// ended well: until then it is not known whether this is a message.
final class ProgramOutput extends InputStream {
  private static final int BLOCK = 64 * 1024;

  private final InputStream from;
  private final InputStream given;
  private final Size most;
  private final Ending ending;
  private final byte[] expected = new byte[BLOCK];
  private long length;
  private boolean same = true;

  /// Tells, at the end of the output, what it comes to.
  @FunctionalInterface
  interface Ending {
    /// The answer, unless it is the message that has been printed.
    ///
    /// @param nothing whether nothing has been printed
    /// @param same whether it is what was given
    Optional<FilterAnswer> answer(boolean nothing, boolean same) throws IOException;
  }

  /// Thrown at the end of output that is not a new message.
  static final class Settled extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient FilterAnswer answer;

    Settled(FilterAnswer answer) {
      this.answer = answer;
    }

    FilterAnswer answer() {
      return answer;
    }
  }

  /// @param most how much is read
  ProgramOutput(InputStream from, InputStream given, Size most, Ending ending) {
    this.from = from;
    this.given = given;
    this.most = most;
    this.ending = ending;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int wanted) throws IOException {
    int count = from.read(into, offset, Math.min(wanted, BLOCK));
    if (count < 0) {
      end();
      return -1;
    }
    length += count;
    if (length > most.bytes()) {
      throw new IOException("printed more than " + most);
    }
    same =
        same
            && given.readNBytes(expected, 0, count) == count
            && Arrays.equals(into, offset, offset + count, expected, 0, count);
    return count;
  }

  private void end() throws IOException {
    Optional<FilterAnswer> answer = ending.answer(length == 0, same && given.read() < 0);
    if (answer.isPresent()) {
      throw new Settled(answer.get());
    }
  }
}
