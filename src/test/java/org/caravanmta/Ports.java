package org.caravanmta;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for servers that a test starts later, or twice: none is given to two of them, nor by the
/// system to a connection meanwhile, for they lie below the ports it gives to clients.
public final class Ports {
  private static final int LOWEST = 10_000;
  private static final int COUNT = 20_000;
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
}
