package org.caravanmta.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/// A program that answers lookups.
final class SmallServer implements AutoCloseable {
  private final ServerSocketChannel listening;
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

  private SmallServer(ServerSocketChannel listening, boolean framed, UnaryOperator<String> answer) {
    this.listening = listening;
    Thread.ofVirtual().start(() -> accept(framed, answer));
  }

  static SmallServer netstrings(UnaryOperator<String> answer) throws IOException {
    return new SmallServer(loopback(), true, answer);
  }

  static SmallServer unixNetstrings(Path path, UnaryOperator<String> answer) throws IOException {
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(path));
    return new SmallServer(channel, true, answer);
  }

  static SmallServer lines(UnaryOperator<String> answer) throws IOException {
    return new SmallServer(loopback(), false, answer);
  }

  int port() throws IOException {
    return ((InetSocketAddress) listening.getLocalAddress()).getPort();
  }

  /// Closes what is open, and goes on listening.
  void hangUp() throws IOException {
    for (SocketChannel channel : open) {
      channel.close();
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    hangUp();
  }

  private static ServerSocketChannel loopback() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private void accept(boolean framed, UnaryOperator<String> answer) {
    try {
      while (listening.isOpen()) {
        SocketChannel channel = listening.accept();
        open.add(channel);
        Thread.ofVirtual().start(() -> serve(channel, framed, answer));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void serve(SocketChannel channel, boolean framed, UnaryOperator<String> answer) {
    try (channel) {
      InputStream in = Channels.newInputStream(channel);
      String request = read(in, framed);
      while (!request.isEmpty()) {
        String reply = answer.apply(request);
        String wire = framed ? reply.length() + ":" + reply + "," : reply + "\n";
        channel.write(ByteBuffer.wrap(wire.getBytes(StandardCharsets.UTF_8)));
        request = read(in, framed);
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  private static String read(InputStream in, boolean framed) throws IOException {
    String line = until(in, framed ? ':' : '\n');
    if (!framed || line.isEmpty()) {
      return line;
    }
    String text = new String(in.readNBytes(Integer.parseInt(line)), StandardCharsets.UTF_8);
    in.read();
    return text;
  }

  private static String until(InputStream in, char end) throws IOException {
    var line = new ByteArrayOutputStream();
    int c = in.read();
    while (c >= 0 && c != end) {
      line.write(c);
      c = in.read();
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
