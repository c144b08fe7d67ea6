package org.caravanmta.address;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Bytes as text of which none is lost: what is UTF-8 as its characters, any other byte as a lone
/// half of a surrogate pair, U+DC80 to U+DCFF, which no UTF-8 has. The same bytes come out again of
/// any piece of the text, and of pieces put together.
public final class Octets {
  /// The half that stands for a byte, less the byte.
  private static final char LONE = '\uDC00';

  private Octets() {}

  public static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  public static String text(byte[] bytes, int from, int to) {
    if (isAscii(bytes, from, to)) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    var decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(bytes, from, to - from);
    // no byte becomes more than one character
    var out = CharBuffer.allocate(to - from);
    for (CoderResult end = decoder.decode(in, out, true);
        end.isError();
        end = decoder.decode(in, out, true)) {
      for (int i = end.length(); i > 0; i--) {
        out.put((char) (LONE + (in.get() & 0xff)));
      }
    }
    return out.flip().toString();
  }

  public static byte[] bytes(String text) {
    if (!isMixed(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    var bytes = new ByteArrayOutputStream(text.length() * 2);
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isLone(text, i)) {
        bytes.writeBytes(text.substring(from, i).getBytes(StandardCharsets.UTF_8));
        bytes.write(text.charAt(i) - LONE);
        from = i + 1;
      }
    }
    bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  /// With one character of ISO 8859-1 for each byte.
  public static String latin1(String text) {
    return Ascii.is(text) ? text : new String(bytes(text), StandardCharsets.ISO_8859_1);
  }

  /// With one character for each byte: what is not ASCII is taken apart.
  public static String apart(String text) {
    byte[] bytes = bytes(text);
    char[] chars = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      chars[i] = bytes[i] >= 0 ? (char) bytes[i] : lone(bytes[i]);
    }
    return new String(chars);
  }

  /// With the bytes that have become UTF-8 as characters again.
  public static String together(String text) {
    return isMixed(text) ? text(bytes(text)) : text;
  }

  /// For people: bytes that are not UTF-8 as if they were ISO 8859-1.
  public static String readable(String text) {
    if (!isMixed(text)) {
      return text;
    }
    char[] chars = text.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      if (isLone(text, i)) {
        chars[i] -= LONE;
      }
    }
    return new String(chars);
  }

  /// The character that stands for a byte that is not ASCII.
  public static char lone(int octet) {
    return (char) (LONE + (octet & 0xff));
  }

  /// Whether there are bytes in it that are not UTF-8.
  public static boolean isMixed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isLone(text, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAscii(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLone(String text, int at) {
    char c = text.charAt(at);
    return c >= LONE + 0x80
        && c <= LONE + 0xff
        && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
  }
}
