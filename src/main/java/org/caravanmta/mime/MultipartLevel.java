package org.caravanmta.mime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// A multipart that is being read, with what may separate its parts (RFC 2046 §5.1.1), as any mail
/// reader may see it.
final class MultipartLevel {
  /// What a line that starts with `--` is in this multipart.
  enum Match {
    /// A line of a part.
    NOTHING,
    /// The line before a part.
    DELIMITER,
    /// The line after the last part.
    CLOSE,
    /// A line that only starts with the boundary, which is enough for some mail readers.
    PREFIX
  }

  private final List<byte[]> boundaries = new ArrayList<>();
  private final MimeHeader.Kind inside;

  /// Whether every mail reader sees a multipart here, not only some.
  private final boolean declared;

  private boolean seen;
  private boolean closed;

  MultipartLevel(Collection<String> boundaries, MimeHeader.Kind inside, boolean declared) {
    boundaries.forEach(text -> this.boundaries.add(text.getBytes(StandardCharsets.UTF_8)));
    // a boundary outside ASCII may stand in the message as it came, or decoded
    boundaries.forEach(text -> this.boundaries.add(Charsets.bytes(text)));
    this.inside = inside;
    this.declared = declared;
  }

  /// What its parts are unless they say otherwise.
  MimeHeader.Kind inside() {
    return inside;
  }

  boolean declared() {
    return declared;
  }

  /// Whether a part has begun.
  boolean seen() {
    return seen;
  }

  /// Whether the line after the last part has come.
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

  /// Whether the two have a boundary in common.
  boolean shares(MultipartLevel other) {
    return boundaries.stream()
        .anyMatch(one -> other.boundaries.stream().anyMatch(two -> Arrays.equals(one, two)));
  }

  /// Takes this line's text for the boundary if none was declared and no part has begun, as some
  /// mail readers do.
  void adopt(byte[] line, int length) {
    if (boundaries.isEmpty() && !seen && length > 3 && line[2] > ' ') {
      boundaries.add(Arrays.copyOfRange(line, 2, trimmed(line, length)));
    }
  }

  /// What a line is.
  ///
  /// @param line a line that starts with `--`, in its first `length` bytes
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

  /// The length of the line without the blanks at its end (RFC 2046 §5.1.1).
  private static int trimmed(byte[] line, int length) {
    int end = length;
    while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t' || line[end - 1] == '\r')) {
      end--;
    }
    return end;
  }
}
