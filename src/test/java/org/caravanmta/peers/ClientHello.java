package org.caravanmta.peers;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The first message of a client's handshake, as it came (RFC 8446 §4.1.2).
///
/// @param record its bytes, with the head of the record
/// @param names the hosts that the client asks for (RFC 6066 §3)
/// @param groups the numbers of the groups that it supports, in its order (RFC 8446 §4.2.7)
public record ClientHello(byte[] record, List<String> names, List<Integer> groups) {
  /// The number of the group `secp256r1`.
  public static final int SECP256R1 = 0x17;

  /// The number of the group `x25519`.
  public static final int X25519 = 0x1d;

  private static final int SERVER_NAME = 0;
  private static final int SUPPORTED_GROUPS = 10;

  /// Reads one, which lies in one record.
  static ClientHello read(InputStream in) throws IOException {
    byte[] head = new byte[5];
    new DataInputStream(in).readFully(head);
    int length = (head[3] & 0xff) << 8 | head[4] & 0xff;
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException();
    }
    byte[] whole = ByteBuffer.allocate(5 + length).put(head).put(body).array();
    var names = new ArrayList<String>();
    var groups = new ArrayList<Integer>();
    ByteBuffer hello = ByteBuffer.wrap(body);
    hello.position(4 + 2 + 32); // type and length, version, random
    skip(hello, hello.get() & 0xff); // session
    skip(hello, hello.getShort() & 0xffff); // ciphers
    skip(hello, hello.get() & 0xff); // compression
    hello.getShort();
    while (hello.remaining() >= 4) {
      int type = hello.getShort() & 0xffff;
      int size = hello.getShort() & 0xffff;
      ByteBuffer extension = hello.slice(hello.position(), size);
      skip(hello, size);
      if (type == SERVER_NAME) {
        names(extension, names);
      } else if (type == SUPPORTED_GROUPS) {
        extension.getShort();
        while (extension.hasRemaining()) {
          groups.add(extension.getShort() & 0xffff);
        }
      }
    }
    return new ClientHello(whole, List.copyOf(names), List.copyOf(groups));
  }

  private static void names(ByteBuffer extension, List<String> names) {
    extension.getShort();
    while (extension.hasRemaining()) {
      extension.get();
      byte[] name = new byte[extension.getShort() & 0xffff];
      extension.get(name);
      names.add(new String(name, StandardCharsets.US_ASCII));
    }
  }

  private static void skip(ByteBuffer bytes, int count) {
    bytes.position(bytes.position() + count);
  }
}
