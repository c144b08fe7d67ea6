package org.caravanmta.submission;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalInt;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.message.StoredSpool;

/// Makes a header section and a body of a posted message (RFC 5322 §2.1). A small body stays in
/// memory, a large one goes to the {@link ContentStore}.
///
/// A user who may post may also write files by hand, so the lines are looked at again: one that
/// ends with anything but CRLF could be taken for the end of the message by a server behind us.
final class PostIntake {
  private static final int BLOCK = 64 * 1024;

  private final ContentStore store;
  private final CollectionTerms settings;
  private final byte[] block = new byte[BLOCK];
  private byte last = '\n';

  /// A message that has been taken in.
  record Message(Headers headers, Content content) {}

  PostIntake(ContentStore store, CollectionTerms settings) {
    this.store = store;
    this.settings = settings;
  }

  /// @param id the name of a large body in the store
  /// @throws Dropped.Corrupt if these are not lines, or hold no header section of a fit size
  Message take(InputStream in, String id) throws IOException, Dropped.Corrupt {
    var head = new ByteArrayOutputStream();
    OptionalInt end = OptionalInt.empty();
    int count = next(in);
    while (count > 0 && end.isEmpty()) {
      head.write(block, 0, count);
      end = Headers.end(head.toByteArray(), 0, head.size());
      if (end.orElse(head.size()) > settings.limits().headerLimit().bytes()) {
        throw new Dropped.Corrupt(
            "has a header section of more than "
                + settings.limits().headerLimit().bytes()
                + " bytes");
      }
      count = next(in);
    }
    byte[] bytes = head.toByteArray();
    int section = end.orElse(bytes.length);
    boolean separated =
        section + 1 < bytes.length && bytes[section] == '\r' && bytes[section + 1] == '\n';
    byte[] start = Arrays.copyOfRange(bytes, separated ? section + 2 : section, bytes.length);
    return new Message(Headers.parse(Arrays.copyOf(bytes, section)), body(in, start, count, id));
  }

  private Content body(InputStream in, byte[] start, int first, String id)
      throws IOException, Dropped.Corrupt {
    var held = new ByteArrayOutputStream();
    held.write(start);
    int count = first;
    while (count > 0 && held.size() <= settings.content().inlineLimit().bytes()) {
      held.write(block, 0, count);
      count = next(in);
    }
    if (count <= 0 && held.size() <= settings.content().inlineLimit().bytes()) {
      checkEnd();
      return new Content.Inline(held.toByteArray());
    }
    StoredSpool spool = store.create(id);
    try {
      spool.write(held.toByteArray());
      while (count > 0) {
        spool.write(block, 0, count);
        count = next(in);
      }
      checkEnd();
    } catch (IOException | Dropped.Corrupt | RuntimeException e) {
      spool.abort();
      throw e;
    }
    return spool.finish();
  }

  private int next(InputStream in) throws IOException, Dropped.Corrupt {
    int count = in.readNBytes(block, 0, BLOCK);
    for (int i = 0; i < count; i++) {
      if ((block[i] == '\n') != (last == '\r') && !(block[i] == '\n' && i == 0 && last == '\r')) {
        throw new Dropped.Corrupt("has a line that does not end with CRLF");
      }
      last = block[i];
    }
    return count;
  }

  private void checkEnd() throws Dropped.Corrupt {
    if (last != '\n') {
      throw new Dropped.Corrupt("has a last line without an end");
    }
  }
}
