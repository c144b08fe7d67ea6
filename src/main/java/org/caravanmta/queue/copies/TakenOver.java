package org.caravanmta.queue.copies;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.caravanmta.message.Queues;
import org.caravanmta.queue.spi.Frame;

/// Which messages of another node have been put on our queues: written in the same transaction as
/// these, as a message on a queue of its own, {@link #queue}. So it is copied, and taken over, as
/// mail is. The node is told when it comes back.
///
/// @param source the journal they were copies of
/// @param numbers what that journal calls them
/// @param ids the ids of the mail
public record TakenOver(String source, List<Long> numbers, Set<String> ids) {
  private static final byte VERSION = 1;

  public TakenOver {
    numbers = List.copyOf(numbers);
    ids = Set.copyOf(ids);
  }

  /// Where it is written which messages of a node were taken over.
  public static String queue(String node) {
    return Queues.takenOver(node);
  }

  static TakenOver of(String source, List<Copy> copies) {
    var numbers = new ArrayList<Long>();
    var ids = new HashSet<String>();
    for (Copy copy : copies) {
      numbers.add(copy.number());
      copy.id().ifPresent(ids::add);
    }
    return new TakenOver(source, numbers, ids);
  }

  Frame frame(String node) {
    try {
      var bytes = new ByteArrayOutputStream();
      var out = new DataOutputStream(bytes);
      out.writeByte(VERSION);
      out.writeUTF(source);
      out.writeInt(numbers.size());
      for (long number : numbers) {
        out.writeLong(number);
      }
      out.writeInt(ids.size());
      for (String id : ids) {
        out.writeUTF(id);
      }
      return new Frame(queue(node), bytes.toByteArray(), Map.of(), true);
    } catch (IOException e) {
      throw new IllegalStateException("cannot be written: " + e, e);
    }
  }

  /// @throws IOException if these bytes are none
  public static TakenOver read(byte[] bytes) throws IOException {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    if (in.readByte() != VERSION) {
      throw new IOException("of a version that is not read here");
    }
    String source = in.readUTF();
    var numbers = new ArrayList<Long>();
    for (int left = in.readInt(); left > 0; left--) {
      numbers.add(in.readLong());
    }
    var ids = new HashSet<String>();
    for (int left = in.readInt(); left > 0; left--) {
      ids.add(in.readUTF());
    }
    return new TakenOver(source, numbers, ids);
  }
}
