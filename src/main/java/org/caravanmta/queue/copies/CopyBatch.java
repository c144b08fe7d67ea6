package org.caravanmta.queue.copies;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What has changed since the last one, all of it or nothing.
///
/// @param number counts from 1 on each connection
/// @param come encoded copies
/// @param gone the numbers of messages that are no more
record CopyBatch(long number, List<byte[]> come, List<Long> gone) {
  private static final int MOST = 1 << 20;
  private static final int LONGEST = 64 << 20;

  void write(DataOutputStream out) throws IOException {
    out.writeLong(number);
    out.writeInt(come.size());
    for (byte[] copy : come) {
      out.writeInt(copy.length);
      out.write(copy);
    }
    out.writeInt(gone.size());
    for (long one : gone) {
      out.writeLong(one);
    }
  }

  static CopyBatch read(DataInputStream in) throws IOException {
    long number = in.readLong();
    var come = new ArrayList<byte[]>();
    for (int left = bounded(in.readInt(), MOST); left > 0; left--) {
      come.add(Copy.bytes(in, bounded(in.readInt(), LONGEST)));
    }
    var gone = new ArrayList<Long>();
    for (int left = bounded(in.readInt(), MOST); left > 0; left--) {
      gone.add(in.readLong());
    }
    return new CopyBatch(number, come, gone);
  }

  private static int bounded(int value, int most) throws IOException {
    if (value < 0 || value > most) {
      throw new IOException("not what a node sends: " + value);
    }
    return value;
  }
}
