package org.caravanmta.peers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server that others wrote, running in the foreground until it is closed, with a directory of
/// its own that its users can read.
public final class RunningProgram implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final Process process;
  private final Path log;

  private RunningProgram(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts it. What it prints is the file `output` in `directory`.
  public static RunningProgram start(Path directory, String... command) throws IOException {
    Path log = directory.resolve("output");
    return new RunningProgram(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(log.toFile())
            .start(),
        log);
  }

  /// A new directory, and those above it, that users other than root may pass.
  public static Path directory(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Path p = directory; p.startsWith("/tmp") && p.getNameCount() > 1; p = p.getParent()) {
      Files.setPosixFilePermissions(p, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return directory;
  }

  /// Waits until it takes connections.
  public RunningProgram listening(String address, int port) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("it ended:\n" + output());
              }
              try (var _ = new Socket(InetAddress.getByName(address), port)) {
                return true;
              } catch (IOException e) {
                return false;
              }
            });
    return this;
  }

  /// What it has printed, one character for each byte.
  String output() throws IOException {
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  /// Its own end, and that of what it has started, innermost last.
  @Override
  public void close() {
    List<ProcessHandle> all =
        process.descendants().sorted(Comparator.comparing(ProcessHandle::pid)).toList();
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
