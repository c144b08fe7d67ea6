package org.caravanmta.story;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.caravanmta.FastStart;
import org.caravanmta.Ports;
import org.caravanmta.cli.Typed;

/// A Caravan in a process of its own, started as an operator would.
public final class Server implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /// More than any story looks at; a million messages would fill the memory.
  private static final int MOST_LINES = 500_000;

  public final int smtp;
  public final int submission;
  public final Path data;
  private final Process process;
  private final List<String> output = new ArrayList<>();
  private final Thread reader;

  private Server(Process process, int smtp, int submission, Path data) {
    this.process = process;
    this.smtp = smtp;
    this.submission = submission;
    this.data = data;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /// Starts one and waits until it is ready.
  public static Server start(Path data, String... settings) throws IOException {
    return on(Ports.free(), Ports.free(), data, "-Xmx256m", settings);
  }

  /// Starts one on given ports, so that a restarted one is found where the first was.
  public static Server on(int smtp, int submission, Path data, String heap, String... settings)
      throws IOException {
    var server = launch(smtp, submission, data, heap, settings);
    await().atMost(START).until(() -> !server.process.isAlive() || server.says("ready"));
    if (!server.process.isAlive()) {
      throw new AssertionError("Caravan did not start:\n" + String.join("\n", server.lines()));
    }
    return server;
  }

  /// Starts one without waiting: for those that are to fail.
  public static Server launch(int smtp, int submission, Path data, String heap, String... settings)
      throws IOException {
    return launch(smtp, submission, data, heap, Map.of(), settings);
  }

  /// @param environment variables that it has besides ours
  static Server launch(
      int smtp,
      int submission,
      Path data,
      String heap,
      Map<String, String> environment,
      String... settings)
      throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                // nothing may be left to it
                "/bin/sh",
                "-c",
                "umask 0; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djdk.serialFilter=!*",
                "-Dlogback.configurationFile=logback.xml"));
    command.addAll(FastStart.options());
    command.addAll(
        List.of(
            "org.caravanmta.cli.Main",
            "start",
            "--data",
            data.toString(),
            "--set",
            "hostname=mx.caravan.test",
            "--set",
            "listeners.smtp.address=127.0.0.1:" + smtp,
            "--set",
            "listeners.submission.address=127.0.0.1:" + submission));
    command.addAll(List.of(settings));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return new Server(builder.start(), smtp, submission, data);
  }

  private void read() {
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (output) {
          output.add(line);
          if (output.size() > MOST_LINES) {
            output.subList(0, MOST_LINES / 2).clear();
          }
        }
      }
    } catch (IOException e) {
      synchronized (output) {
        output.add("(output ended: " + e.getMessage() + ")");
      }
    }
  }

  public List<String> lines() {
    synchronized (output) {
      return List.copyOf(output);
    }
  }

  public boolean says(String text) {
    return lines().stream().anyMatch(line -> line.contains(text));
  }

  /// The log lines of one message.
  public List<String> story(String id) {
    return lines().stream().filter(line -> line.contains(id + ":")).toList();
  }

  public long pid() {
    return process.pid();
  }

  public boolean alive() {
    return process.isAlive();
  }

  /// kill -9, and waits until it is gone.
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /// SIGTERM, and waits for the end.
  public int terminate() throws InterruptedException {
    process.destroy();
    return exit();
  }

  public int exit() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("Caravan did not end:\n" + String.join("\n", lines()));
    }
    reader.join(Duration.ofSeconds(5));
    return process.exitValue();
  }

  /// Runs another `caravan` command against this one's data and returns what it printed.
  public String command(String... words) throws IOException, InterruptedException {
    return commandThatEnds(0, words);
  }

  /// What a command prints that only asks this server, typed here: a process of its own takes a
  /// second to begin.
  public String ask(String... words) {
    Typed typed = Typed.command(data, words);
    if (typed.status() != 0) {
      throw new AssertionError(
          String.join(" ", words) + ": exit " + typed.status() + "\n" + typed.err());
    }
    return typed.out() + typed.err();
  }

  /// What a command prints that ends with this exit status.
  String commandThatEnds(int status, String... words) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=logback.xml"));
    command.addAll(FastStart.options());
    command.add("org.caravanmta.cli.Main");
    command.addAll(List.of(words));
    command.addAll(List.of("--data", data.toString()));
    var run = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (run.waitFor() != status) {
      throw new AssertionError(
          String.join(" ", words) + ": exit " + run.exitValue() + "\n" + printed);
    }
    return printed;
  }

  /// The messages that lie in a user's Maildir, oldest first.
  public List<Path> maildir(String user) throws IOException {
    Path fresh = data.resolve("mail/caravan.test").resolve(user).resolve("Maildir/new");
    if (!Files.isDirectory(fresh)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(fresh)) {
      // names do not sort by the fraction of their second
      return files
          .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified()))
          .toList();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
