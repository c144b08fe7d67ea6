package org.caravanmta.filter.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.caravanmta.message.ContentWriter;
import org.caravanmta.message.Headers;

/// A message that comes back whole from a content filter (RFC 5322 §2.1), as edits of the one that
/// went there.
public final class RemadeMessage {
  /// A header section longer than this is not one that a filter has made of ours.
  private static final int MOST_HEADERS = 4 << 20;

  /// How much longer than ours a message is at most that a filter makes of it.
  static final long MOST_ADDED = 64 << 20;

  private static final int BLOCK = 64 * 1024;

  private RemadeMessage() {}

  /// Reads a message up to the end of what the filter says.
  ///
  /// @return none if it comes back as it was
  /// @throws IOException if it cannot be read or kept, does not begin with a header section, or is
  ///   longer than anything that is made of ours
  public static List<Edit> read(WireInput in, Examined message) throws IOException {
    return read(in, message, message.mail().size() + MOST_ADDED);
  }

  /// Reads a message whose body has a limit.
  ///
  /// @param most bytes of the body
  public static List<Edit> read(WireInput in, Examined message, long most) throws IOException {
    Edit headers = headers(in, message);
    var edits = new ArrayList<Edit>();
    if (headers instanceof Edit.ReplaceHeaders(Headers made) && !isSame(made, message)) {
      edits.add(headers);
    }
    try (InputStream before = message.body();
        ContentWriter body = message.bodyWriter().begin()) {
      byte[] block = new byte[BLOCK];
      boolean same = true;
      long length = 0;
      for (int count = in.read(block, 0, BLOCK); count >= 0; count = in.read(block, 0, BLOCK)) {
        length += count;
        if (length > most) {
          throw new IOException("a message of more than " + most + " bytes");
        }
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

  /// A line that is not a field would be the first of the body to whoever gets the message.
  private static void check(Headers made, Examined message) throws IOException {
    byte[] section = made.bytes();
    OptionalInt end = Headers.end(section, 0, section.length);
    if (end.isPresent()) {
      var rest = new String(section, end.getAsInt(), section.length - end.getAsInt(), UTF_8);
      throw new IOException(
          "not a header field: \"" + WireInput.shown(rest.lines().findFirst().orElse("")) + "\"");
    }
    if (section.length == 0 && message.mail().headers().length() > 0) {
      throw new IOException("a message without a header section");
    }
  }

  /// Reads a header section, and the empty line after it, that comes back without a body.
  ///
  /// @throws IOException if it is not one
  public static Edit headers(WireInput in, Examined message) throws IOException {
    Headers section = in.headers(MOST_HEADERS);
    check(section, message);
    return headers(section, message);
  }

  /// The section as it comes back. The field that we have written stays on top, wherever the filter
  /// has put its own.
  private static Edit headers(Headers made, Examined message) {
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
