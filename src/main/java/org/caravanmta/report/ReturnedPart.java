package org.caravanmta.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.caravanmta.message.Bodies;
import org.caravanmta.message.Content;
import org.caravanmta.message.Headers;
import org.caravanmta.message.Mail;
import org.caravanmta.message.MailOptions;
import org.caravanmta.message.Notice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of a report that returns the message (RFC 3461 §4.3, §6.2): whole, or its header
/// section (RFC 3462 §2).
///
/// @param whole whether the body is there
/// @param international whether fields in it may have characters beyond ASCII (RFC 6532 §3): those
///   of the message do, or its content does and has parts with fields of their own
/// @param bytes each line ended by CRLF
record ReturnedPart(boolean whole, boolean international, byte[] bytes) {
  private static final Logger LOG = LoggerFactory.getLogger(ReturnedPart.class);

  /// The types of what has parts (RFC 2045 §5.1), wherever the value has the word: that it has none
  /// is claimed only of what is sure to have none.
  private static final Pattern COMPOSITE =
      Pattern.compile("multipart|message", Pattern.CASE_INSENSITIVE);

  /// @param sizeLimit a larger message is returned without its body, and a larger header section
  ///   without its last fields
  static ReturnedPart of(Notice notice, long sizeLimit, Bodies bodies) {
    Mail mail = notice.mail();
    byte[] path =
        ("Return-Path: <" + mail.reversePath() + ">\r\n").getBytes(StandardCharsets.UTF_8);
    MailOptions given = mail.envelope().parameters();
    boolean wanted =
        given.ret().filter(ret -> ret == MailOptions.Ret.HDRS).isEmpty()
            // what was to go over TLS only is not shown on the way back (RFC 8689 §5)
            && !given.requireTls();
    // the lines of a report cannot hold binary content
    boolean lines = !given.binary();
    if (notice.action() == Notice.Action.FAILED && wanted && lines && mail.size() <= sizeLimit) {
      try {
        var all = new ByteArrayOutputStream((int) mail.size() + path.length);
        all.write(path);
        all.write(mail.headers().bytes());
        all.write('\r');
        all.write('\n');
        int section = all.size();
        copy(mail.content(), bodies, all);
        byte[] bytes = ended(all);
        boolean international =
            isBeyondAscii(bytes, hasParts(mail.headers()) ? bytes.length : section);
        return new ReturnedPart(true, international, bytes);
      } catch (IOException e) {
        LOG.error(
            "{}: content cannot be read, the report returns the header section", mail.id(), e);
      }
    }
    return headers(mail, sizeLimit);
  }

  /// The header section alone.
  static ReturnedPart headers(Mail mail, long sizeLimit) {
    byte[] path =
        ("Return-Path: <" + mail.reversePath() + ">\r\n").getBytes(StandardCharsets.UTF_8);
    var section = new ByteArrayOutputStream();
    section.writeBytes(path);
    section.writeBytes(upTo(mail.headers(), sizeLimit).bytes());
    byte[] bytes = ended(section);
    return new ReturnedPart(false, isBeyondAscii(bytes, bytes.length), bytes);
  }

  /// What the part is to a human (RFC 2045 §8).
  String description(Notice.Action action) {
    String undelivered =
        switch (action) {
          case FAILED, DELAYED -> "Undelivered ";
          case DELIVERED, RELAYED, EXPANDED, VERIFIED -> "";
        };
    return undelivered + (whole ? "Message" : "Message Headers");
  }

  /// RFC 6522 §3, RFC 6533 §5, §6.
  ///
  /// @param global whether the report has the types of RFC 6533
  String type(boolean global) {
    if (whole) {
      return global ? "message/global" : "message/rfc822";
    }
    return global ? "message/global-headers" : "text/rfc822-headers";
  }

  /// Whether only an 8-bit path can carry it (RFC 2045 §2.8).
  boolean eightBit() {
    return isBeyondAscii(bytes, bytes.length);
  }

  private static boolean isBeyondAscii(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] < 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasParts(Headers headers) {
    return headers
        .first("Content-Type")
        .filter(field -> COMPOSITE.matcher(field.value()).find())
        .isPresent();
  }

  private static void copy(Content content, Bodies bodies, ByteArrayOutputStream to)
      throws IOException {
    switch (content) {
      case Content.Inline(byte[] inline) -> to.write(inline);
      case Content.Stored stored -> {
        try (var in = bodies.open(stored)) {
          if (in.transferTo(to) != stored.length()) {
            throw new IOException(stored.ref() + " is not whole");
          }
        }
      }
    }
  }

  private static Headers upTo(Headers headers, long limit) {
    if (headers.length() <= limit) {
      return headers;
    }
    var kept = new ArrayList<Headers.Field>();
    long length = 0;
    for (Headers.Field field : headers.fields()) {
      length += field.raw().length;
      if (length > limit) {
        break;
      }
      kept.add(field);
    }
    return Headers.of(kept);
  }

  private static byte[] ended(ByteArrayOutputStream part) {
    byte[] bytes = part.toByteArray();
    if (bytes.length == 0 || bytes[bytes.length - 1] != '\n') {
      part.write('\r');
      part.write('\n');
      return part.toByteArray();
    }
    return bytes;
  }
}
