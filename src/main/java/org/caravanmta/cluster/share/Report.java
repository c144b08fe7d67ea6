package org.caravanmta.cluster.share;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.caravanmta.share.CommonLimit;
import org.caravanmta.share.Demand;
import org.caravanmta.share.Portion;

/// What a node tells the owner of a limit.
///
/// @param held the places that it has now, as the owner, or an earlier one, has said
record Report(String key, CommonLimit limit, int held, Demand demand) {
  void write(DataOutputStream out) throws IOException {
    out.writeUTF(key);
    out.writeInt(limit.most());
    out.writeBoolean(limit.spaced());
    out.writeInt(held);
    out.writeInt(demand.atWork());
    out.writeInt(demand.wanted());
    out.writeLong(demand.rest().toNanos());
  }

  static Report read(DataInputStream in) throws IOException {
    return new Report(
        in.readUTF(),
        new CommonLimit(Math.max(1, in.readInt()), in.readBoolean()),
        in.readInt(),
        new Demand(in.readInt(), in.readInt(), Duration.ofNanos(in.readLong())));
  }

  static void writePart(Portion part, DataOutputStream out) throws IOException {
    out.writeInt(part.places());
    out.writeInt(part.sharers());
    out.writeLong(part.rest().toNanos());
  }

  static Portion readPart(DataInputStream in) throws IOException {
    return new Portion(in.readInt(), in.readInt(), Duration.ofNanos(in.readLong()), true);
  }
}
