package org.caravanmta.story;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A content filter of one kind with one fault, as a route names it.
final class FaultyStep implements Closeable {
  static final List<String> PROTOCOLS =
      List.of("milter", "clamd", "spamd", "rspamd", "icap", "http", "smtp", "pipe");

  private final String protocol;
  private final String name;
  private final Mailbag bag;
  private final Optional<FaultyFilter> server;
  private final Optional<FaultyProgram> program;
  private final String written;

  /// Makes it ready.
  ///
  /// @param name of its program, if it is one
  /// @param bag gets what a filter takes that passes mail on by itself
  /// @param programs where programs are
  FaultyStep(String protocol, Fault fault, String name, Mailbag bag, Path programs)
      throws IOException {
    this.protocol = protocol;
    this.name = name;
    this.bag = bag;
    if (protocol.equals("pipe")) {
      program = Optional.of(FaultyProgram.of(programs.resolve(name), fault));
      server = Optional.empty();
      written = "pipe " + name;
    } else {
      var faulty = new FaultyFilter(this::dialect, fault);
      program = Optional.empty();
      server = Optional.of(faulty);
      written = protocol + " " + place(faulty.port());
    }
  }

  private String place(int port) {
    String at = FaultyFilter.ADDRESS + ":" + port;
    return switch (protocol) {
      case "milter", "clamd" -> "inet:" + at;
      case "spamd" -> "inet:" + at + " reject-score=15";
      case "rspamd" -> "http://" + at;
      case "icap" -> "icap://" + at + "/scan";
      case "http" -> "http://" + at + "/register";
      default -> at;
    };
  }

  private Dialect dialect() {
    return switch (protocol) {
      case "milter" -> new MilterDialect();
      case "clamd" -> new Dialects.Clamd();
      case "spamd" -> new Dialects.Spamd();
      case "rspamd" -> new Dialects.Rspamd();
      case "icap" -> new Dialects.Icap();
      case "http" -> new Dialects.Hooks();
      default -> new Dialects.Smtp(bag::put);
    };
  }

  /// The text of the step, without its options.
  String written() {
    return written;
  }

  /// A line of `filters.programs`, if it is a program.
  Optional<String> setting() {
    return setting("3s");
  }

  /// @param limit how long it may take
  Optional<String> setting(String limit) {
    boolean root = System.getProperty("user.name").equals("root");
    String user = root ? "nobody" : System.getProperty("user.name");
    return program.map(
        one ->
            "'%s user=%s time_limit=%s output=1MiB argv=%s'"
                .formatted(name, user, limit, one.script()));
  }

  /// Whether it is in the middle of an answer, a program by what runs below the process that asks.
  boolean isHalfway(ProcessHandle asking) {
    return server
        .map(one -> one.halves() > 0)
        .orElseGet(
            () ->
                asking
                    .descendants()
                    .anyMatch(each -> each.info().command().orElse("").endsWith("/sleep")));
  }

  /// What it has been shown of the messages that it has judged.
  List<String> judged() {
    return server.map(FaultyFilter::judged).orElse(List.of());
  }

  /// Begins its fault, when all filters are ready.
  void begin() throws IOException {
    if (server.isPresent()) {
      server.get().begin();
    }
  }

  /// Ends its fault.
  void mend() throws IOException {
    if (server.isPresent()) {
      server.get().mend();
    }
    if (program.isPresent()) {
      program.get().mend();
    }
  }

  @Override
  public void close() throws IOException {
    if (server.isPresent()) {
      server.get().close();
    }
  }
}
