package org.caravanmta.filter.milter;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// One connection to a filter, after the two sides have agreed. For one thread at a time; whoever
/// waits for it too long closes it.
final class MilterConnection implements Closeable {
  /// Bytes of the body told at a time (MILTER_CHUNK_SIZE of libmilter).
  static final int CHUNK = 65_535;

  /// How many packets a milter answers one event with, besides those of a new body: one that says
  /// every second that it takes longer, or changes every field there is, says less. One that says
  /// so without an end must keep neither a processor busy nor fill the memory.
  private static final int MOST_PACKETS = 10_000;

  /// How many bytes these may have together.
  private static final long MOST_BYTES = 16 << 20;

  private final Closeable socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private final Agreement agreement;
  private int packets;
  private long bytes;

  private MilterConnection(
      Closeable socket, DataInputStream in, DataOutputStream out, Agreement agreement) {
    this.socket = socket;
    this.in = in;
    this.out = out;
    this.agreement = agreement;
  }

  /// Agrees with the filter at the other end of a socket.
  ///
  /// @param socket closed with the connection, and when the filter does not agree
  /// @throws IOException if the filter does not agree
  static MilterConnection agree(Closeable socket, InputStream from, OutputStream to)
      throws IOException {
    var in = new DataInputStream(new BufferedInputStream(from));
    var out = new DataOutputStream(new BufferedOutputStream(to, CHUNK + 5));
    try {
      write(out, MilterCommand.NEGOTIATE, Agreement.offer());
      out.flush();
      return new MilterConnection(socket, in, out, Agreement.of(MilterPacket.read(in)));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  Agreement agreement() {
    return agreement;
  }

  /// Gives the macros of an event, whether the filter wants to be told of the event or not: they
  /// stay in effect. Sent with what follows.
  ///
  /// @param values by names, in the order in which they are sent; also if there are none
  void macros(MilterEvent event, Map<String, String> values) throws IOException {
    if (!agreement.isKnown(event)) {
      return;
    }
    var text = new StringBuilder().append(event.command().letter());
    values.forEach(
        (name, value) -> text.append(name).append('\0').append(clean(value)).append('\0'));
    write(out, MilterCommand.MACROS, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /// Tells the filter of an event. Nothing is sent of an event that the filter does without.
  ///
  /// @return whether the filter answers it
  boolean tell(MilterEvent event, byte[] data) throws IOException {
    if (!agreement.wants(event)) {
      return false;
    }
    write(out, event.command(), data);
    if (!agreement.answers(event)) {
      return false;
    }
    out.flush();
    packets = 0;
    bytes = 0;
    return true;
  }

  /// Takes the changes of a message as they come.
  @FunctionalInterface
  public interface ChangeTaker {
    /// @throws IOException if the change cannot be made
    void take(Modification change) throws IOException;
  }

  /// Reads the next packet of the answer to an event.
  ///
  /// @param changes gets the change that it asks for
  /// @return the answer; absent if it is still to come, after a change, or since it takes longer
  Optional<MilterAnswer> answer(MilterEvent event, ChangeTaker changes) throws IOException {
    MilterPacket packet = MilterPacket.read(in);
    MilterAnswer answer = MilterAnswer.of(packet);
    if (!isBody(answer) || packet.data().length == 0) {
      packets++;
      bytes += packet.data().length;
    }
    if (packets > MOST_PACKETS || bytes > MOST_BYTES) {
      throw new IOException("an answer without an end");
    }
    if (answer instanceof MilterAnswer.Change(Modification change)) {
      take(event, change, changes);
      return Optional.empty();
    }
    return answer instanceof MilterAnswer.Progress ? Optional.empty() : Optional.of(answer);
  }

  private void take(MilterEvent event, Modification change, ChangeTaker changes)
      throws IOException {
    if (event != MilterEvent.END_OF_MESSAGE) {
      throw new IOException("a milter changed the message before its end");
    }
    if (!agreement.allows(change)) {
      throw new IOException("a milter asked for a change that it had not announced: " + change);
    }
    changes.take(change);
  }

  private static boolean isBody(MilterAnswer answer) {
    return answer instanceof MilterAnswer.Change(Modification.ReplaceBody _);
  }

  /// Tells the filter that the message is not continued; the session is.
  void abort() throws IOException {
    write(out, MilterCommand.ABORT, new byte[0]);
    out.flush();
  }

  /// Ends the session and the connection.
  @Override
  public void close() throws IOException {
    try {
      write(out, MilterCommand.QUIT, new byte[0]);
      out.flush();
    } finally {
      socket.close();
    }
  }

  /// Ends the connection at once.
  void cut() throws IOException {
    socket.close();
  }

  /// A text as data: without zero bytes, which would end it, and with one at its end.
  static byte[] text(String... texts) {
    var data = new StringBuilder();
    for (String text : texts) {
      data.append(clean(text)).append('\0');
    }
    return data.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String clean(String text) {
    return text.replace("\0", "");
  }

  private static void write(DataOutputStream out, MilterCommand command, byte[] data)
      throws IOException {
    out.writeInt(1 + data.length);
    out.writeByte(command.letter());
    out.write(data);
  }
}
