package org.caravanmta.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// A multipart that is being read: what stands between its parts (RFC 2046 §5.1.1), as any mail
/// reader may see it.
final class MultipartLevel {
  /// What a line is to it.
  enum Match {
    NOTHING,
    /// The start of a part.
    DELIMITER,
    /// Its end.
    CLOSE,
    /// One of them to those who compare no more than the boundary.
    PREFIX
  }

  private final List<byte[]> boundaries = new ArrayList<>();
  private final Head.Kind inside;

  /// Whether it is one to everybody, not only to some.
  private final boolean declared;

  private boolean seen;
  private boolean closed;

  MultipartLevel(Collection<String> boundaries, Head.Kind inside, boolean declared) {
    boundaries.forEach(text -> this.boundaries.add(text.getBytes(StandardCharsets.UTF_8)));
    // of bytes outside ASCII it may be those that came
    boundaries.forEach(text -> this.boundaries.add(Charsets.bytes(text)));
    this.inside = inside;
    this.declared = declared;
  }

  Head.Kind inside() {
    return inside;
  }

  boolean declared() {
    return declared;
  }

  boolean seen() {
    return seen;
  }

  boolean closed() {
    return closed;
  }

  void partStarts() {
    seen = true;
    closed = false;
  }

  void close() {
    closed = true;
  }

  boolean shares(MultipartLevel other) {
    return boundaries.stream()
        .anyMatch(one -> other.boundaries.stream().anyMatch(two -> Arrays.equals(one, two)));
  }

  /// Without a boundary the first line that looks like one is.
  void adopt(byte[] line, int length) {
    if (boundaries.isEmpty() && !seen && length > 3 && line[2] > ' ') {
      boundaries.add(Arrays.copyOfRange(line, 2, trimmed(line, length)));
    }
  }

  /// @param line starts with `--`
  Match match(byte[] line, int length) {
    int end = trimmed(line, length);
    Match match = Match.NOTHING;
    for (byte[] boundary : boundaries) {
      int after = 2 + boundary.length;
      if (after > length || !Arrays.equals(line, 2, after, boundary, 0, boundary.length)) {
        continue;
      }
      if (after >= end) {
        return Match.DELIMITER;
      }
      if (after + 2 == end && line[after] == '-' && line[after + 1] == '-') {
        match = Match.CLOSE;
      } else if (match == Match.NOTHING) {
        match = Match.PREFIX;
      }
    }
    return match;
  }

  private static int trimmed(byte[] line, int length) {
    int end = length;
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t' || line[end - 1] == '\r')) {
      end--;
    }
    return end;
  }
}
