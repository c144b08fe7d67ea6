package org.caravanmta;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// Ports for servers that a test starts later, or twice: none is given to two of them, nor by the
/// system to a connection meanwhile, for they lie below the ports it gives to clients.
public final class Ports {
  private static final int LOWEST = 10_000;
  private static final int COUNT = 20_000;
  private static final String ESTABLISHED = "01";
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % COUNT));

  private Ports() {}

  public static int free() throws IOException {
    for (int tries = 0; tries < COUNT; tries++) {
      int port = LOWEST + NEXT.getAndIncrement() % COUNT;
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
    throw new IOException("no port is free between " + LOWEST + " and " + (LOWEST + COUNT));
  }

  /// How many connections with a server here are open on both sides, by what the kernel says
  /// (`proc_pid_net(5)`).
  public static int connections(int port) {
    String local = ":%04X".formatted(port);
    return (int)
        Stream.of("tcp", "tcp6")
            .map(kind -> Path.of("/proc/self/net", kind))
            .flatMap(Ports::lines)
            .map(line -> List.of(line.strip().split(" +")))
            .filter(row -> row.get(1).endsWith(local) && row.get(3).equals(ESTABLISHED))
            .count();
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
