package org.caravanmta.queue.copies;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.caravanmta.cluster.link.NodeLink;
import org.caravanmta.queue.spi.Broker;
import org.caravanmta.queue.spi.Picked;
import org.caravanmta.queue.spi.SeenMessage;

/// Tells a node that has come back which of its mail is on our queues, and forgets that when it has
/// done what follows.
public final class NotesOffice {
  /// What such a connection is for.
  public static final String NOTES = "notes";

  private static final byte DONE = 1;
  private static final int MOST = 1 << 20;
  private static final int LONGEST = 64 << 20;

  private final Broker broker;

  public NotesOffice(Broker broker) {
    this.broker = broker;
  }

  /// Serves a node that has come back.
  public void serve(NodeLink link) throws IOException {
    String queue = TakenOver.queue(link.peer());
    List<SeenMessage> notes = Adoption.seen(broker, queue);
    link.out().writeInt(notes.size());
    for (SeenMessage note : notes) {
      byte[] bytes = note.bytes().orElseThrow();
      link.out().writeInt(bytes.length);
      link.out().write(bytes);
    }
    link.out().flush();
    if (link.in().readByte() == DONE) {
      var picked = new Picked();
      notes.forEach(
          note ->
              picked.add(note.number(), new Picked.Item(Optional.empty(), Optional.empty(), 0)));
      try (var desk = broker.desk()) {
        if (!picked.isEmpty()) {
          desk.remove(queue, picked);
        }
      } catch (Exception e) {
        throw new IOException("notes cannot be removed: " + e.getMessage(), e);
      }
      link.out().writeByte(DONE);
      link.out().flush();
    }
  }

  /// What the other side has to say; the connection stays open.
  public static List<TakenOver> ask(NodeLink link) throws IOException {
    var notes = new ArrayList<TakenOver>();
    int count = link.in().readInt();
    if (count < 0 || count > MOST) {
      throw new IOException("not what a node sends: " + count);
    }
    for (int left = count; left > 0; left--) {
      int length = link.in().readInt();
      if (length < 0 || length > LONGEST) {
        throw new IOException("not what a node sends: " + length);
      }
      notes.add(TakenOver.read(Copy.bytes(link.in(), length)));
    }
    return notes;
  }

  /// Has the other side forget what it has said.
  public static void settle(NodeLink link) throws IOException {
    link.out().writeByte(DONE);
    link.out().flush();
    if (link.in().readByte() != DONE) {
      throw new IOException("not what a node sends");
    }
  }
}
