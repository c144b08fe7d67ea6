package org.caravanmta.cli;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.VerbName;
import org.caravanmta.message.EndpointUri;
import org.caravanmta.message.Printable;
import org.caravanmta.message.PrintableWriter;
import org.caravanmta.settings.Settings;
import org.caravanmta.stage.Problem;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `caravan` (postfix `postfix(1)`), with its subcommands.
@Command(
    name = "caravan",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "A mail transfer agent whose every stage is a Camel route.",
    subcommands = {
      HelpCommand.class,
      QueueCommand.class,
      QuarantineCommand.class,
      StageCommand.class,
      TableCommand.class,
      ExplainCommand.class,
      SendmailCommand.class,
      TlsCommand.class,
      ComponentCommand.class,
      DnsCommand.class,
      LocksCommand.class,
      NodeCommand.class
    },
    footer = {
      "",
      "A first run, with mail for alice@caravan.test and bob@caravan.test into var/mail:",
      "  caravan start --data var",
      "",
      "Exit status: 0 done, 1 could not be done, 2 wrong use, settings or routes."
    })
public final class Main implements ByteOutput {
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  private final Supplier<Server> server;

  private final OutputStream bytes;

  @Spec private CommandSpec spec;

  /// @param server makes the server that `start` runs and `check` asks; other commands do not need
  ///   it
  public Main(Supplier<Server> server) {
    this(
        server,
        TerminalBytes.isOutput() ? new TerminalBytes(Encoding.writer(System.out)) : System.out);
  }

  /// @param bytes takes what is not text
  Main(Supplier<Server> server, OutputStream bytes) {
    this.server = server;
    this.bytes = bytes;
  }

  @Override
  public OutputStream bytes() {
    return bytes;
  }

  public static void main(String[] args) {
    Encoding.settle();
    // programs call it for every message: it does without the parser, which costs half the time
    if (args.length > 0 && args[0].equals(Sendmail.NAME)) {
      System.exit(SendmailCommand.run(args));
    }
    Optional<String> problem = Encoding.misread().or(() -> Encoding.notText(List.of(args)));
    if (problem.isPresent()) {
      System.err.println("caravan: " + Printable.text(problem.get()));
      System.exit(WRONG_USE);
    }
    // the log names the process
    System.setProperty("caravan.pid", String.valueOf(ProcessHandle.current().pid()));
    System.exit(new Main(Running::new).run(args));
  }

  /// Runs the command that the arguments name.
  ///
  /// @return the exit status: 0 done, 1 could not be done, 2 wrong use, settings, tables or routes
  public int run(String... args) {
    return commandLine().execute(args);
  }

  /// The parser, whose output a test may redirect.
  CommandLine commandLine() {
    return commandLine(Encoding.writer(System.out), Encoding.writer(System.err));
  }

  /// The parser. Its output is filtered, since it may have text from outside in it: names in
  /// messages, replies of servers, lines of files.
  CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(this)
        .setOut(new PrintWriter(new PrintableWriter(out)))
        .setErr(new PrintWriter(new PrintableWriter(err)))
        // the filter takes colours for the work of strangers
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
        // an address may start with @
        .setExpandAtFiles(false)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(Main::wrongUse)
        .setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
  }

  @Command(
      description = "Starts the server; it runs until it gets SIGTERM or SIGINT.",
      mixinStandardHelpOptions = true)
  int start(@CommandLine.Mixin SettingsOptions settings, @CommandLine.Mixin RoutesOption routes)
      throws Exception {
    Settings read = settings.read();
    server.get().run(read, routes.directory());
    return OK;
  }

  @Command(
      description =
          "Says what is wrong with settings, tables and routes, without starting anything.",
      mixinStandardHelpOptions = true)
  int check(
      @CommandLine.Mixin SettingsOptions settings,
      @CommandLine.Mixin RoutesOption routes,
      @CommandLine.Option(
              names = "--dns",
              description = "Asks the name servers too whether DNSSEC works, which DANE needs.")
          boolean dns)
      throws Exception {
    Settings read = settings.read();
    List<String> problems =
        server
            .get()
            .check(
                read,
                settings.file(),
                routes.directory(),
                line -> say(spec.commandLine(), "warning: " + line));
    problems.forEach(line -> say(spec.commandLine(), line));
    if (problems.isEmpty()) {
      spec.commandLine().getOut().println("settings, tables and routes are good");
    }
    spec.commandLine().getOut().flush();
    if (!problems.isEmpty()) {
      return WRONG_USE;
    }
    return dns ? DnsCommand.tested(read, spec.commandLine()) : OK;
  }

  @Command(
      description = "Prints the running server's figures, in Prometheus' text format.",
      mixinStandardHelpOptions = true)
  int metrics(@CommandLine.Mixin SettingsOptions settings) throws Exception {
    var server = ServerQuestion.to(settings, spec);
    return server.ask(VerbName.METRICS, List.of(), row -> server.out().print(row.getFirst()));
  }

  @Command(description = "Prints the version.", mixinStandardHelpOptions = true)
  int version() {
    spec.commandLine().getOut().println(Version.line());
    spec.commandLine().getOut().flush();
    return OK;
  }

  private static int wrongUse(ParameterException wrong, String[] args) {
    CommandLine command = wrong.getCommandLine();
    say(command, String.valueOf(wrong.getMessage()));
    UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println("`" + name + " --help` says more.");
    command.getErr().flush();
    return WRONG_USE;
  }

  private static int failed(Exception failure, CommandLine command) {
    return switch (failure) {
      case SettingsProblem problem -> {
        problem.lines().forEach(line -> say(command, line));
        yield WRONG_USE;
      }
      case Problem problem -> {
        problem.lines().forEach(line -> say(command, line));
        yield WRONG_USE;
      }
      case ControlProblem problem -> {
        command.getErr().println(problem.getMessage());
        command.getErr().flush();
        yield FAILED;
      }
      case RuntimeException bug -> {
        say(command, "failed: " + bug);
        bug.printStackTrace(command.getErr());
        command.getErr().flush();
        yield FAILED;
      }
      default -> {
        String message = failure.getMessage();
        say(command, message == null ? failure.toString() : message);
        yield FAILED;
      }
    };
  }

  private static void say(CommandLine command, String line) {
    command.getErr().println("caravan: " + EndpointUri.shownIn(line));
    command.getErr().flush();
  }
}
