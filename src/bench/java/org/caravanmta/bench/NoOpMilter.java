package org.caravanmta.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

/// A milter that wants to be told of everything, answers each command, and has nothing against
/// anything (draft-adams-milter-protocol-00): what a server spends on it, it spends on the protocol
/// alone. A process of its own, which ends with the benchmark.
public final class NoOpMilter implements AutoCloseable {
  private static final int VERSION = 6;
  private static final byte[] GO_ON = {0, 0, 0, 1, 'c'};
  private static final byte[] AGREED =
      ByteBuffer.allocate(17)
          .putInt(13)
          .put((byte) 'O')
          .putInt(VERSION)
          .putInt(0)
          .putInt(0)
          .array();

  private final Process process;
  private final int port;

  private NoOpMilter(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts one and waits until it takes connections.
  static NoOpMilter start() throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                NoOpMilter.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = process.inputReader().readLine();
    if (line == null) {
      throw new IOException("the milter did not start");
    }
    return new NoOpMilter(process, Integer.parseInt(line));
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
  }

  public static void main(String[] none) throws IOException {
    try (var server = new ServerSocket(0, 500, InetAddress.ofLiteral("127.0.0.1"))) {
      System.out.println(server.getLocalPort());
      Thread.ofPlatform().daemon().start(NoOpMilter::endWithTheBenchmark);
      while (true) {
        Socket accepted = server.accept();
        Thread.ofVirtual().start(() -> serve(accepted));
      }
    }
  }

  private static void endWithTheBenchmark() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // as good as its end
    }
    System.exit(0);
  }

  private static void serve(Socket accepted) {
    try (Socket socket = accepted) {
      socket.setTcpNoDelay(true);
      var in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
      OutputStream out = socket.getOutputStream();
      while (true) {
        int length = in.readInt();
        char letter = (char) in.readUnsignedByte();
        in.skipNBytes(length - 1);
        switch (letter) {
          case 'O' -> out.write(AGREED);
          case 'D', 'A' -> {
            // not answered
          }
          case 'Q' -> {
            return;
          }
          default -> out.write(GO_ON);
        }
      }
    } catch (IOException e) {
      // the server has ended the session
    }
  }
}
