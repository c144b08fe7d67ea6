package org.caravanmta.story;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/// What a filter of a test reads.
final class Wire {
  private Wire() {}

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /// Up to an end, without it.
  static String upTo(InputStream in, String end) throws IOException {
    var text = new StringBuilder();
    while (text.length() < end.length()
        || text.indexOf(end, text.length() - end.length()) != text.length() - end.length()) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException();
      }
      text.append((char) c);
    }
    return text.substring(0, text.length() - end.length());
  }

  static String exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return new String(bytes, ISO_8859_1);
  }

  /// A body in chunks (RFC 9112 §7.1).
  static String chunks(InputStream in) throws IOException {
    var body = new StringBuilder();
    while (true) {
      int size = Integer.parseInt(upTo(in, "\r\n").split(";")[0].strip(), 16);
      body.append(exactly(in, size));
      upTo(in, "\r\n");
      if (size == 0) {
        return body.toString();
      }
    }
  }

  /// What is given of a field in a section.
  static String field(String section, String name) {
    for (String line : section.split("\r\n")) {
      if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
        return line.substring(name.length() + 1).strip();
      }
    }
    return "";
  }
}
