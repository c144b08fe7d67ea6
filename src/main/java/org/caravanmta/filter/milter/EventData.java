package org.caravanmta.filter.milter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.caravanmta.message.Headers;

/// What milters are sent with an event, as the wire has it.
final class EventData {
  private EventData() {}

  /// A command of the client with its parameters.
  static byte[] of(String path, List<String> parameters) {
    var words = new ArrayList<>(List.of(path));
    words.addAll(parameters);
    return MilterConnection.text(words.toArray(String[]::new));
  }

  /// Name and value; lines of the value end with LF alone, and its last line with nothing.
  ///
  /// @param spaces whether the blank after the colon belongs to the value
  static byte[] of(Headers.Field field, boolean spaces) {
    byte[] raw = field.raw();
    int from = field.name().length();
    while (raw[from] != ':') {
      from++;
    }
    from++;
    int to = raw.length;
    while (to > from && (raw[to - 1] == '\n' || raw[to - 1] == '\r')) {
      to--;
    }
    if (!spaces && from < to && raw[from] == ' ') {
      from++;
    }
    byte[] name = field.name().getBytes(StandardCharsets.US_ASCII);
    byte[] data = Arrays.copyOf(name, name.length + 2 + to - from);
    int at = name.length + 1;
    for (int i = from; i < to; i++) {
      boolean lineEnd = raw[i] == '\r' && i + 1 < to && raw[i + 1] == '\n';
      if (!lineEnd && raw[i] != 0) {
        data[at++] = raw[i];
      }
    }
    return Arrays.copyOf(data, at + 1);
  }
}
