package org.caravanmta.filter.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.caravanmta.account.SystemUser;

/// A program of the operator's while it runs (postfix `spawn_command(3)`): nobody else may read the
/// files that it makes, its environment has only what it is given, and it is the first process of a
/// session, so that all of its processes can be ended together.
final class ChildProgram implements AutoCloseable {
  private static final String PRIVATE = "umask 077; PATH=$1; shift; exec \"$@\"";
  private static final String PATH = "/usr/bin:/bin";

  /// Where the programs are that change the session and the user.
  private static final String OUR_PATH = PATH + ":/usr/sbin:/sbin";

  /// A session's processes are also a group, which has the number of its first.
  private static final String END_ALL = "kill -s KILL -- \"-$1\"";

  /// Hands on what the program prints, for as long as anybody may print: Java takes the output of a
  /// process for ended when the process has.
  private static final String HANDS_ON = "/bin/cat";

  private final Process process;
  private final Process printing;

  private ChildProgram(Process process, Process printing) {
    this.process = process;
    this.printing = printing;
  }

  /// Starts a program.
  ///
  /// @param as the user it runs as when the server runs as root; absent for ourselves
  /// @throws IOException if it cannot be started
  static ChildProgram start(
      List<String> words,
      Optional<SystemUser> as,
      Optional<String> group,
      Optional<Path> directory,
      Map<String, String> environment)
      throws IOException {
    var command = new ArrayList<>(List.of("setsid"));
    as.ifPresent(
        one -> {
          command.addAll(List.of("runuser", "-p", "-u", one.name()));
          group.ifPresent(own -> command.addAll(List.of("-g", own)));
          command.add("--");
        });
    command.addAll(List.of("/bin/sh", "-c", PRIVATE, "sh", environment.getOrDefault("PATH", PATH)));
    command.addAll(words);
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    as.ifPresent(
        one ->
            builder
                .environment()
                .putAll(Map.of("HOME", one.home(), "USER", one.name(), "LOGNAME", one.name())));
    builder.environment().putAll(environment);
    builder.environment().put("PATH", OUR_PATH);
    directory.map(Path::toFile).ifPresent(builder::directory);
    var handsOn = new ProcessBuilder(HANDS_ON);
    handsOn.environment().clear();
    List<Process> started = ProcessBuilder.startPipeline(List.of(builder, handsOn));
    return new ChildProgram(started.getFirst(), started.getLast());
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  InputStream output() {
    return printing.getInputStream();
  }

  InputStream errors() {
    return process.getErrorStream();
  }

  /// Whether it ends within this time.
  boolean ends(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Whether all that it has started has closed its output within this time.
  boolean closes(Duration limit) throws InterruptedException {
    return printing.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Its exit status, when it has ended; above 128 for a signal.
  int status() throws IOException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// Ends it, and what it has started; nothing more is printed.
  void kill() {
    List<ProcessHandle> known = process.descendants().toList();
    try {
      new ProcessBuilder("/bin/sh", "-c", END_ALL, "sh", Long.toString(process.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .onExit()
          .join();
    } catch (IOException e) {
      // those that we know of end all the same
    }
    known.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    printing.destroyForcibly();
  }

  @Override
  public void close() {
    if (process.isAlive() || printing.isAlive()) {
      kill();
    }
  }
}
