package org.caravanmta.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// A mail server that is measured: a process of its own, with its settings and queues in a
/// directory of its own, that relays what strangers send to {@link Load#DOMAIN}.
record Peer(String name, String version, int port, Process process) implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(180);
  private static final int GREETING_MILLIS = 5000;
  private static final long LOOK_NANOS = 50_000_000;

  /// Starts a server and waits until it takes connections.
  ///
  /// @param log where its output goes
  static Peer start(String name, String version, int port, Path log, ProcessBuilder command)
      throws IOException {
    return start(name, version, port, log, command, Peer::greets);
  }

  /// Starts a process and waits until it is one that can be used.
  static Peer start(
      String name,
      String version,
      int port,
      Path log,
      ProcessBuilder command,
      Predicate<Peer> serves)
      throws IOException {
    Process process = command.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    var peer = new Peer(name, version, port, process);
    long since = System.nanoTime();
    while (!serves.test(peer)) {
      if (!process.isAlive() || System.nanoTime() - since > START.toNanos()) {
        peer.close();
        throw new IOException(name + " did not start:\n" + Files.readString(log));
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return peer;
  }

  Usage usage() throws IOException {
    return Usage.of(process.pid());
  }

  /// Whether it takes connections, and may say nothing.
  boolean connects() {
    try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private boolean greets() {
    try (var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      socket.setSoTimeout(GREETING_MILLIS);
      return socket.getInputStream().read() == '2';
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    // Postfix's master is not the process that was started
    List<ProcessHandle> below = process.descendants().toList();
    below.forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      below.forEach(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /// What a command prints, in one line.
  static String output(String... command) throws IOException {
    var run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (run.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + ": " + printed.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return printed.strip();
  }
}
