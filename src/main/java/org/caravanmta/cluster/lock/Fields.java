package org.caravanmta.cluster.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;

/// What a node of the lock service's tree says: lines of `key=value`, for programs of any version;
/// keys that are not known are passed over.
///
/// @param all in the order of the lines
record Fields(Map<String, String> all) {
  static final Fields NONE = new Fields(Map.of());

  static Fields read(byte[] bytes) {
    var all = new LinkedHashMap<String, String>();
    new String(bytes, UTF_8)
        .lines()
        .map(line -> line.split("=", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> all.put(pair[0], pair[1]));
    return new Fields(all);
  }

  /// With one more; control characters in its value become spaces.
  Fields with(String key, Object value) {
    var more = new LinkedHashMap<>(all);
    more.put(key, value.toString().replaceAll("\\p{Cntrl}", " "));
    return new Fields(more);
  }

  byte[] bytes() {
    var text = new StringBuilder();
    all.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    return text.toString().getBytes(UTF_8);
  }

  /// Empty when it is not there.
  String text(String key) {
    return all.getOrDefault(key, "");
  }

  /// 0 when it is not there, or not a number.
  long number(String key) {
    try {
      return Long.parseLong(text(key));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
