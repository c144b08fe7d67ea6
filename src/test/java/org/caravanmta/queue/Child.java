package org.caravanmta.queue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.FastStart;

/// Another JVM of this test's class path, which can be killed.
public final class Child implements AutoCloseable {
  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  /// Starts `main` and waits until it has printed `line`.
  public static Child start(Class<?> main, String line, String... arguments) throws IOException {
    return start(List.of(), main, line, arguments);
  }

  /// @param options of `java`
  public static Child start(List<String> options, Class<?> main, String line, String... arguments)
      throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(options);
    command.addAll(FastStart.options());
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String read;
    while ((read = output.readLine()) != null) {
      if (read.equals(line)) {
        Thread.ofVirtual().start(() -> drain(output));
        return new Child(process);
      }
    }
    throw new IOException(main.getSimpleName() + " ended before it said " + line);
  }

  /// As `kill -9` does it.
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }

  private static void drain(BufferedReader output) {
    try {
      output.lines().forEach(_ -> {});
    } catch (UncheckedIOException e) {
      // killed
    }
  }
}
