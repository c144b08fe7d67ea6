package org.caravanmta.check;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.ContentStore;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;

/// A set of bytes that messages are not to have (postfix `message_reject_characters`,
/// `message_strip_characters`), such as NUL, which RFC 5322 §4 has made obsolete. CR and LF, which
/// end a line (RFC 5321 §2.3.8), cannot be in it.
public final class Characters {
  public static final Characters NONE = new Characters(new BitSet());

  private static final byte[] NOTHING = {};
  private static final int BLOCK = 32 * 1024;

  private final BitSet bytes;

  private Characters(BitSet bytes) {
    this.bytes = bytes;
  }

  /// Reads ASCII characters and the escapes of C, one after the other: `\a \b \f \n \r \t \v \\`,
  /// or a backslash and up to three octal digits.
  ///
  /// @throws IllegalArgumentException says what was expected; also for CR and LF
  public static Characters of(String text) {
    var bytes = new BitSet(256);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 127) {
        throw new IllegalArgumentException("expected ASCII, and \\200 to \\377 for what is not");
      }
      if (c != '\\') {
        bytes.set(c);
        continue;
      }
      int at = i + 1;
      char escaped = at < text.length() ? text.charAt(at) : ' ';
      if (escaped >= '0' && escaped <= '7') {
        int end = at + 1;
        while (end < text.length() && end < at + 3 && isOctal(text.charAt(end))) {
          end++;
        }
        bytes.set(Integer.parseInt(text.substring(at, end), 8) & 0xff);
        i = end - 1;
      } else {
        bytes.set(named(escaped));
        i = at;
      }
    }
    if (bytes.get('\r') || bytes.get('\n')) {
      throw new IllegalArgumentException("what ends lines cannot be among them");
    }
    return new Characters(bytes);
  }

  boolean isEmpty() {
    return bytes.isEmpty();
  }

  /// Whether a message has one of these bytes, in its header section or its content.
  ///
  /// @throws IOException if its content cannot be read
  boolean occurIn(Mail mail, Bodies bodies) throws IOException {
    byte[] head = mail.headers().bytes();
    if (first(head, 0, head.length) >= 0) {
      return true;
    }
    try (InputStream in = opened(mail.content(), bodies)) {
      byte[] block = new byte[BLOCK];
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        if (first(block, 0, n) >= 0) {
          return true;
        }
      }
    }
    return false;
  }

  /// The message without these bytes; the same object when it has none of them.
  ///
  /// @param ref the name under which changed content is stored
  /// @throws IOException if the content cannot be read, or the changed content cannot be stored
  Mail removedFrom(Mail mail, ContentStore store, String ref) throws IOException {
    if (!occurIn(mail, store::read)) {
      return mail;
    }
    var fields = new ArrayList<Headers.Field>();
    for (Headers.Field field : mail.headers().fields()) {
      fields.add(without(field));
    }
    Content content = without(mail.content(), store, ref);
    Mail result = mail.with(Headers.of(fields));
    return content == mail.content() ? result : result.with(content);
  }

  private Headers.Field without(Headers.Field field) {
    byte[] raw = field.raw();
    if (first(raw, 0, raw.length) < 0) {
      return field;
    }
    var kept = new ByteArrayOutputStream(raw.length);
    for (byte b : raw) {
      if (!bytes.get(b & 0xff)) {
        kept.write(b);
      }
    }
    byte[] left = kept.toByteArray();
    int name = Headers.nameEnd(left, 0, left.length);
    return name < 0
        ? field
        : new Headers.Field(new String(left, 0, name, StandardCharsets.US_ASCII), left);
  }

  private Content without(Content content, ContentStore store, String ref) throws IOException {
    var edit = new ContentEdit(content, store, ref);
    boolean whole = false;
    try (InputStream in = opened(content, store::read)) {
      byte[] block = new byte[BLOCK];
      long before = 0;
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        for (int at = first(block, 0, n); at >= 0; at = first(block, at + 1, n)) {
          edit.replace(before + at, before + at + 1, NOTHING);
        }
        before += n;
      }
      Content result = edit.finish();
      whole = true;
      return result;
    } finally {
      if (!whole) {
        edit.abandon();
      }
    }
  }

  private int first(byte[] in, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes.get(in[i] & 0xff)) {
        return i;
      }
    }
    return -1;
  }

  private static InputStream opened(Content content, Bodies bodies) throws IOException {
    return switch (content) {
      case Content.Inline(byte[] all) -> new ByteArrayInputStream(all);
      case Content.Stored stored -> bodies.open(stored);
    };
  }

  private static boolean isOctal(char c) {
    return c >= '0' && c <= '7';
  }

  private static int named(char c) {
    return switch (c) {
      case 'a' -> 7;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      case '\\' -> '\\';
      default -> throw new IllegalArgumentException("expected an escape of C, found \\" + c);
    };
  }
}
