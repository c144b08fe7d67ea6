package org.caravanmta.filter.rspamd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.caravanmta.filter.contract.FilterWeb;
import org.caravanmta.filter.contract.WireInput;

/// An answer of rspamd in parts (RFC 2046 §5.1): the result, and the message if rspamd has
/// rewritten it.
///
/// @param result JSON
/// @param message all of it
record RspamdParts(byte[] result, Optional<byte[]> message) {
  private static final Pattern MIXED =
      Pattern.compile(
          "(?i)multipart/mixed *;.*\\bboundary=(?:\"([^\"]{1,70})\"|([^\"; ]{1,70})).*");
  private static final Pattern NAME =
      Pattern.compile("(?is)(?:.*\r\n)?content-disposition:[^\r]*\\bname=\"([a-z]+)\".*");
  private static final Pattern ENCODED = Pattern.compile("(?is)(?:.*\r\n)?content-encoding:.*");

  /// There are two that are known.
  private static final int MOST_PARTS = 8;

  private static final byte[] BREAK = {'\r', '\n'};
  private static final byte[] EMPTY_LINE = {'\r', '\n', '\r', '\n'};

  /// Whether an answer is one of these.
  static boolean isOne(FilterWeb.Answer said) {
    return MIXED.matcher(said.contentType()).matches();
  }

  /// @throws IOException if it has not come whole, or has no result
  static RspamdParts of(FilterWeb.Answer said) throws IOException {
    var type = MIXED.matcher(said.contentType());
    if (!type.matches()) {
      throw new IOException("an answer of the type " + WireInput.shown(said.contentType()));
    }
    String boundary = type.group(1) == null ? type.group(2) : type.group(1);
    Optional<byte[]> result = Optional.empty();
    Optional<byte[]> message = Optional.empty();
    for (byte[] part : parts(said.body(), "--" + boundary)) {
      int end = indexOf(part, EMPTY_LINE, 0);
      if (end < 0) {
        throw new IOException("a part of an answer without an empty line");
      }
      String fields = new String(part, 0, end, StandardCharsets.ISO_8859_1);
      if (ENCODED.matcher(fields).matches()) {
        throw new IOException("a part of an answer that is encoded, which was not asked for");
      }
      byte[] content = Arrays.copyOfRange(part, end + EMPTY_LINE.length, part.length);
      var name = NAME.matcher(fields);
      switch (name.matches() ? name.group(1) : "") {
        case "result" -> result = Optional.of(content);
        case "body" -> message = Optional.of(content);
        default -> throw new IOException("a part of an answer that is not known");
      }
    }
    return new RspamdParts(
        result.orElseThrow(() -> new IOException("an answer without a result")), message);
  }

  /// What is between the delimiters, each part with the line break that its fields begin after.
  private static List<byte[]> parts(byte[] body, String delimiter) throws IOException {
    byte[] first = delimiter.getBytes(StandardCharsets.ISO_8859_1);
    byte[] next = ("\r\n" + delimiter).getBytes(StandardCharsets.ISO_8859_1);
    var parts = new ArrayList<byte[]>();
    int at = startsWith(body, 0, first) ? first.length : -1;
    while (at >= 0 && startsWith(body, at, BREAK)) {
      int end = indexOf(body, next, at);
      if (end < 0) {
        throw new IOException("an answer of which the end is missing");
      }
      if (parts.size() == MOST_PARTS) {
        throw new IOException("an answer of more than " + MOST_PARTS + " parts");
      }
      parts.add(Arrays.copyOfRange(body, at, end));
      at = end + next.length;
    }
    if (at < 0 || !startsWith(body, at, new byte[] {'-', '-'})) {
      throw new IOException("an answer of which the end is missing");
    }
    return parts;
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] wanted) {
    return at + wanted.length <= bytes.length
        && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
  }

  private static int indexOf(byte[] bytes, byte[] wanted, int from) {
    for (int i = from; i + wanted.length <= bytes.length; i++) {
      if (bytes[i] == wanted[0] && startsWith(bytes, i, wanted)) {
        return i;
      }
    }
    return -1;
  }
}
