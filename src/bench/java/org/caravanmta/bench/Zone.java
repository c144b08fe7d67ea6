package org.caravanmta.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A name server with a DNS list that lists nobody (RFC 5782 §2.1): each name is one that does not
/// exist, for {@value #SECONDS} seconds (RFC 2308).
final class Zone implements AutoCloseable {
  static final String NAME = "dnsbl.bench.test";
  private static final String REVERSE = "in-addr.arpa";
  private static final int SECONDS = 1;
  private static final int HEADER = 12;

  private final DatagramSocket socket;

  private Zone(DatagramSocket socket) {
    this.socket = socket;
    Thread.ofPlatform().daemon().name("zone").start(this::serve);
  }

  static Zone start() throws IOException {
    return new Zone(new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1")));
  }

  /// One for programs that find their name server in `resolv.conf`, which names no port.
  static Zone at(String address) throws IOException {
    return new Zone(new DatagramSocket(53, InetAddress.ofLiteral(address)));
  }

  int port() {
    return socket.getLocalPort();
  }

  private void serve() {
    byte[] room = new byte[512];
    try {
      while (true) {
        var question = new DatagramPacket(room, room.length);
        socket.receive(question);
        byte[] answer = answer(Arrays.copyOf(room, question.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Whether it asks for the name of an address; such a name is not of the list's zone.
  private static boolean isReverse(byte[] question, int end) {
    byte[] suffix = wire(REVERSE);
    int from = end - 4 - suffix.length;
    return from >= HEADER && Arrays.equals(question, from, end - 4, suffix, 0, suffix.length);
  }

  /// NXDOMAIN, with the start of authority by which it may be remembered.
  private static byte[] answer(byte[] question) {
    int end = HEADER;
    while (question[end] != 0) {
      end += question[end] + 1;
    }
    end += 5;
    byte[] origin = wire(isReverse(question, end) ? REVERSE : NAME);
    var answer = ByteBuffer.allocate(512);
    answer.put(question, 0, 2).putShort((short) 0x8583);
    answer.putShort((short) 1).putShort((short) 0).putShort((short) 1).putShort((short) 0);
    answer.put(question, HEADER, end - HEADER);
    answer.put(origin).putShort((short) 6).putShort((short) 1).putInt(SECONDS);
    answer.putShort((short) (2 * origin.length + 20)).put(origin).put(origin);
    answer.putInt(1).putInt(3600).putInt(600).putInt(86400).putInt(SECONDS);
    return Arrays.copyOf(answer.array(), answer.position());
  }

  private static byte[] wire(String name) {
    var bytes = ByteBuffer.allocate(name.length() + 2);
    for (String label : name.split("\\.")) {
      bytes.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
    }
    return bytes.put((byte) 0).array();
  }

  @Override
  public void close() {
    socket.close();
  }
}
