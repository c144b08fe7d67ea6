package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.caravanmta.filter.milter.ScriptedMilter;

/// A milter, version 6, that wants to be told of everything and changes nothing.
record MilterDialect() implements Dialect {
  private static final int FUTURE = 99;

  @Override
  public Optional<String> question(InputStream from, OutputStream out, boolean old)
      throws IOException {
    var in = new DataInputStream(from);
    var message = new StringBuilder();
    while (true) {
      byte[] packet = in.readNBytes(in.readInt());
      switch ((char) packet[0]) {
        case 'O' ->
            out.write(
                ScriptedMilter.packet(
                    'O',
                    ByteBuffer.allocate(12).putInt(old ? FUTURE : 6).putInt(0).putInt(0).array()));
        case 'Q' -> {
          return Optional.empty();
        }
        case 'E' -> {
          return Optional.of(message.toString());
        }
        case 'D', 'A' -> {
          // not answered
        }
        case 'B' -> {
          message.append(new String(packet, 1, packet.length - 1, ISO_8859_1));
          out.write(ScriptedMilter.packet('c'));
        }
        default -> out.write(ScriptedMilter.packet('c'));
      }
      out.flush();
    }
  }

  @Override
  public byte[] answer(String message, boolean refused) {
    return ScriptedMilter.packet(refused ? 'r' : 'c');
  }

  @Override
  public byte[] wrong() {
    return ScriptedMilter.packet('!');
  }

  @Override
  public byte[] begun() {
    return ScriptedMilter.packet('p');
  }

  @Override
  public byte[] more() {
    ByteBuffer packets = ByteBuffer.allocate(5000);
    while (packets.hasRemaining()) {
      packets.put(ScriptedMilter.packet('p'));
    }
    return packets.array();
  }
}
