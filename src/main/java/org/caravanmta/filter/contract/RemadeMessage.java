package org.caravanmta.filter.contract;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.caravanmta.message.ContentWriter;
import org.caravanmta.message.Headers;

/// A message that comes back whole from a content filter (RFC 5322 §2.1), as edits of the one that
/// went there.
public final class RemadeMessage {
  /// A header section longer than this is not one that a filter has made of ours.
  public static final int MOST_HEADERS = 4 << 20;

  private static final int BLOCK = 64 * 1024;

  private RemadeMessage() {}

  /// Reads a message up to the end of what the filter says.
  ///
  /// @return none if it comes back as it was
  /// @throws IOException if it cannot be read or kept
  public static List<Edit> read(WireInput in, Examined message) throws IOException {
    Edit headers = headers(in.headers(MOST_HEADERS), message);
    var edits = new ArrayList<Edit>();
    if (headers instanceof Edit.ReplaceHeaders(Headers made) && !isSame(made, message)) {
      edits.add(headers);
    }
    try (InputStream before = message.body();
        ContentWriter body = message.bodyWriter().begin()) {
      byte[] block = new byte[BLOCK];
      boolean same = true;
      for (int count = in.read(block, 0, BLOCK); count >= 0; count = in.read(block, 0, BLOCK)) {
        body.write(block, 0, count);
        same =
            same
                && Arrays.equals(
                    Arrays.copyOf(block, count), same ? before.readNBytes(count) : new byte[0]);
      }
      if (!same || before.read() >= 0) {
        edits.add(new Edit.ReplaceBody(body.finish()));
      }
    }
    return List.copyOf(edits);
  }

  /// The section as it comes back. The field that we have written stays on top, wherever the filter
  /// has put its own.
  public static Edit headers(Headers made, Examined message) {
    if (EditedMail.hidden(message.mail()) == 0) {
      return new Edit.ReplaceHeaders(made);
    }
    byte[] ours = message.mail().headers().fields().getFirst().raw();
    return new Edit.ReplaceHeaders(made.without(field -> Arrays.equals(field.raw(), ours)));
  }

  private static boolean isSame(Headers made, Examined message) {
    List<Headers.Field> fields = message.mail().headers().fields();
    return Arrays.equals(
        made.bytes(),
        Headers.of(fields.subList(EditedMail.hidden(message.mail()), fields.size())).bytes());
  }
}
