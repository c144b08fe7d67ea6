package org.caravanmta.filter.milter;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What both sides send each other (draft-adams-milter-protocol-00, "Packet format"): four bytes of
/// length, a letter that says what it is, and data.
///
/// @param letter of a command or a reply
/// @param data not to be changed
record MilterPacket(char letter, byte[] data) {
  /// More than any packet that a filter may send: the largest chunk of a body that libmilter knows,
  /// and room for what stands around it. A length above it is not read: it would be taken for the
  /// size of an array.
  static final int LONGEST = (1 << 20) + 1024;

  /// One line of a reply to the client: code, enhanced status if any, text, which may have any
  /// character but a line feed.
  static final Pattern REPLY_LINE =
      Pattern.compile(
          "([45]\\d\\d)[ -](?:(\\d\\.\\d{1,3}\\.\\d{1,3})(?: |$))?(.*)", Pattern.DOTALL);

  /// Reads one packet.
  ///
  /// @throws EOFException if the other side has closed the connection
  /// @throws IOException if it is not a packet
  static MilterPacket read(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 1 || length > LONGEST) {
      throw new IOException(
          "expected a packet of 1 to " + LONGEST + " bytes, found " + shown(length));
    }
    char letter = (char) in.readUnsignedByte();
    byte[] data = in.readNBytes(length - 1);
    if (data.length < length - 1) {
      throw new EOFException("closed within a packet");
    }
    return new MilterPacket(letter, data);
  }

  private static String shown(int length) {
    return Integer.toUnsignedString(length);
  }

  /// The data as texts, each ended by a zero byte; what follows the last zero is no text.
  ///
  /// @throws IOException if there are fewer than `least`
  List<String> texts(int from, int least) throws IOException {
    var texts = new ArrayList<String>();
    int start = from;
    for (int i = from; i < data.length; i++) {
      if (data[i] == 0) {
        texts.add(text(start, i));
        start = i + 1;
      }
    }
    if (texts.size() < least) {
      throw new IOException(
          "expected " + least + " texts in a packet " + letter + ", found " + texts.size());
    }
    return texts;
  }

  /// The number that stands at an offset, four bytes, the highest first.
  ///
  /// @throws IOException if the packet is shorter
  int number(int at) throws IOException {
    if (data.length < at + 4) {
      throw new IOException("a packet " + letter + " of " + data.length + " bytes is too short");
    }
    return (data[at] & 0xff) << 24
        | (data[at + 1] & 0xff) << 16
        | (data[at + 2] & 0xff) << 8
        | data[at + 3] & 0xff;
  }

  /// Bytes that are not UTF-8 are read as ISO 8859-1, one character each, as in header fields.
  private String text(int from, int to) {
    var text = new String(data, from, to - from, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0
        ? text
        : new String(data, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
