package org.caravanmta.delivery.program;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.caravanmta.account.SystemUser;
import org.caravanmta.delivery.mailbox.Maildir;
import org.caravanmta.headway.Headway;
import org.caravanmta.headway.Step;
import org.caravanmta.message.Reason;
import org.caravanmta.smtp.Attempt;

/// Runs the commands that get mail on their standard input (postfix `local(8)`). An exit status
/// means what `sysexits.h` says; output that starts with a status code (RFC 3463) takes precedence.
///
/// @param timeout after which a command is killed
/// @param exported what is in its environment besides what it is told about the message
public record Programs(Duration timeout, Map<String, String> exported) {
  private static final int MOST_OUTPUT = 8 * 1024;

  /// Processes that a command has left running may keep its input and output open for ever; that
  /// long they are waited for.
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  /// Nobody else may read the files that a command makes.
  private static final String PRIVATE = "umask 077; exec \"$@\"";

  private static final String PATH = "/usr/bin:/bin";

  /// Characters that mean nothing to a shell.
  private static final Pattern PLAIN = Pattern.compile("(?=.*[^ \\t])[0-9A-Za-z!@%_=+:,./ \\t-]+");

  /// How a command is started, and how it is named in the log.
  ///
  /// @param words the command and its arguments
  /// @param shown what it is called in reasons
  /// @param relay the server that the log names
  /// @param directory where it runs; absent for where the server does
  private record Start(
      List<String> words,
      String shown,
      String done,
      String relay,
      Optional<SystemUser> as,
      Optional<String> group,
      Optional<Path> directory) {}

  /// Those of aliases and users.
  public static Programs of(CommandSettings own) {
    var exported = new LinkedHashMap<String, String>();
    for (String variable : own.exportEnvironment()) {
      String[] parts = variable.split("=", 2);
      String value = parts.length > 1 ? parts[1] : System.getenv(parts[0]);
      if (value != null) {
        exported.put(parts[0], value);
      }
    }
    return new Programs(own.commandTimeout(), exported);
  }

  /// Those that are transports, with nothing in their environment besides.
  static Programs ofTransports(CommandSettings own) {
    return new Programs(own.commandTimeout(), Map.of());
  }

  /// Runs a line. A shell reads it only when it has characters that mean something to one, or a
  /// command that is the shell's own (postfix `exec_command(3)`).
  ///
  /// @param as the user it runs as when the server runs as root, never root itself; absent for
  ///   ourselves
  /// @param environment besides `PATH`; it comes from the message, so only plain characters are
  ///   kept
  public Attempt run(
      String line,
      Optional<SystemUser> as,
      Map<String, String> environment,
      Maildir.Source message) {
    var start =
        new Start(
            words(line),
            line,
            "delivered to command: " + ExitStatus.shown(line),
            "local",
            as,
            Optional.empty(),
            Optional.empty());
    return run(start, environment, message);
  }

  /// Runs a transport's program, without a shell.
  ///
  /// @param words the program and its arguments
  Attempt run(
      PipeProgram program, List<String> words, Optional<SystemUser> as, Maildir.Source message) {
    var start =
        new Start(
            words,
            String.join(" ", program.words()),
            "delivered via " + program.name() + " service",
            program.name(),
            as,
            program.group(),
            program.directory());
    return run(
        start,
        as.map(one -> Map.of("HOME", one.home(), "USER", one.name(), "LOGNAME", one.name()))
            .orElse(Map.of()),
        message);
  }

  private Attempt run(Start start, Map<String, String> environment, Maildir.Source message) {
    Headway headway = Headway.current();
    if (headway.isCut()) {
      return new Attempt.Deferred(Reason.of("4.4.2", "the attempt was ended before it was run"));
    }
    headway.with(start::relay);
    Optional<SystemUser> as = start.as();
    var command = new ArrayList<String>();
    as.ifPresent(
        one -> {
          command.addAll(List.of("runuser", "-p", "-u", one.name()));
          start.group().ifPresent(group -> command.addAll(List.of("-g", group)));
          command.add("--");
        });
    command.addAll(List.of("/bin/sh", "-c", PRIVATE, "sh"));
    command.addAll(start.words());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", PATH);
    builder.environment().putAll(exported);
    environment.forEach(
        (name, value) ->
            builder.environment().put(name, value.replaceAll("[^0-9A-Za-z@%_+=:,./-]", "_")));
    try {
      start.directory().map(Path::toFile).ifPresent(builder::directory);
      Process process = builder.start();
      return headway.await(Step.PROGRAM, timeout, () -> finished(process, start, message));
    } catch (IOException e) {
      return new Attempt.Deferred(Reason.of("4.3.0", "command cannot be run: " + e.getMessage()));
    } catch (InterruptedException e) {
      if (!Headway.current().isCut()) {
        Thread.currentThread().interrupt();
      }
      return new Attempt.Deferred(Reason.of("4.3.0", "interrupted"));
    }
  }

  private Attempt finished(Process process, Start start, Maildir.Source message)
      throws InterruptedException {
    var output = new Output(process);
    var input = new Input(process, message);
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return failed(
            "5.3.0", "Command time limit exceeded: \"" + ExitStatus.shown(start.shown()) + "\"");
      }
      // ending the process closes the pipe, after its last output
      output.awaitEnd();
    } finally {
      end(process);
    }
    Optional<IOException> broken = input.broken();
    return broken.isPresent()
        ? new Attempt.Deferred(
            Reason.of("4.3.0", "message cannot be read: " + broken.get().getMessage()))
        : ExitStatus.meaning(
            process.exitValue(), start.shown(), output.text(), start.done(), start.relay());
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static List<String> words(String line) {
    if (PLAIN.matcher(line).matches()) {
      List<String> words = List.of(line.strip().split("[ \t]+"));
      String program = words.getFirst();
      boolean found =
          program.contains("/")
              || Stream.of(PATH.split(":")).anyMatch(p -> Files.isExecutable(Path.of(p, program)));
      if (found) {
        return words;
      }
    }
    return List.of("/bin/sh", "-c", line);
  }

  private static Attempt failed(String status, String text) {
    return new Attempt.Failed(Reason.of(status, text));
  }

  /// What a command is given. It need not read all of it; but when the message cannot be read to
  /// its end, the command is killed before it takes a part for the whole.
  private static final class Input {
    private final Thread writing;
    private volatile Optional<IOException> broken = Optional.empty();

    Input(Process process, Maildir.Source message) {
      writing = Thread.ofVirtual().start(() -> hand(process, message));
    }

    /// Why the message could not be read; absent as well if the command has ended without reading
    /// all of it.
    Optional<IOException> broken() throws InterruptedException {
      writing.join(LAST_WORDS);
      return broken;
    }

    private void hand(Process process, Maildir.Source message) {
      var in = new Closable(process.getOutputStream());
      try {
        message.writeTo(in);
      } catch (IOException e) {
        if (!in.closed) {
          broken = Optional.of(e);
          end(process);
        }
      }
      try {
        in.close();
      } catch (IOException e) {
        // it has closed its end; its exit status says what came of it
      }
    }

    /// The end that a command may close.
    private static final class Closable extends FilterOutputStream {
      private boolean closed;

      Closable(OutputStream out) {
        super(out);
      }

      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          out.write(bytes, offset, length);
        } catch (IOException e) {
          closed = true;
          throw e;
        }
      }

      @Override
      public void flush() throws IOException {
        try {
          out.flush();
        } catch (IOException e) {
          closed = true;
          throw e;
        }
      }
    }
  }

  /// The output of a command, of which the start is kept.
  private static final class Output {
    private final StringBuilder kept = new StringBuilder();
    private final Thread reading;

    Output(Process process) {
      reading =
          Thread.ofVirtual()
              .start(
                  () -> {
                    byte[] bytes = new byte[1024];
                    try (var in = process.getInputStream()) {
                      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                        keep(new String(bytes, 0, n, StandardCharsets.UTF_8));
                      }
                    } catch (IOException e) {
                      // ended
                    }
                  });
    }

    /// Waits until all has been read, but not for long.
    void awaitEnd() throws InterruptedException {
      reading.join(LAST_WORDS);
    }

    private void keep(String text) {
      synchronized (kept) {
        if (kept.length() < MOST_OUTPUT) {
          kept.append(text);
        }
      }
    }

    String text() {
      synchronized (kept) {
        return ExitStatus.shown(kept.toString());
      }
    }
  }
}
