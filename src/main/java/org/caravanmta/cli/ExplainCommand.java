package org.caravanmta.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.caravanmta.control.ControlClient;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.VerbName;
import org.caravanmta.rehearsal.DryRun;
import org.caravanmta.rehearsal.Visit;
import org.caravanmta.restriction.blocked.BlockRow;
import org.caravanmta.settings.Settings;
import org.caravanmta.state.BlockedSender;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `caravan explain`: says what would become of an address or a message, and which
/// table decides it (as postfix `sendmail -bv` and `postmap -q` help to find out).
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Says what would become of an address or a message, and which table decides it.",
    footer = {
      "",
      "Reads settings, tables and routes, and needs no running server; senders that one blocks are",
      "  known only while it runs:",
      "  caravan explain address joe@example.org",
      "  caravan explain address joe@example.org --client 192.0.2.9 --helo mx.example.net \\",
      "    --sender ann@example.net",
      "  caravan explain message mail.eml --from a@example.net --to joe@example.org"
    })
final class ExplainCommand {
  private static final String CLIENT = "The address of the client it comes from: ${DEFAULT-VALUE}.";

  @Spec private CommandSpec spec;

  ExplainCommand() {}

  @Command(
      description =
          "Whether it is refused, in the dialogue that the client would have; then each rewriting"
              + " step, class, transport and next hop of what it becomes. The dialogue is shown"
              + " when somebody is refused, or the client is described.",
      mixinStandardHelpOptions = true)
  int address(
      @Mixin SettingsOptions settings,
      @Mixin RoutesOption routes,
      @Option(
              names = "--client",
              description = "The address of the client it comes from; by default this machine's.")
          @Nullable String client,
      @Option(names = "--helo", paramLabel = "NAME", description = "What the client calls itself.")
          @Nullable String helo,
      @Option(
              names = "--sender",
              paramLabel = "ADDRESS",
              description = "The reverse path; by default none.")
          @Nullable String sender,
      @Option(
              names = "--login",
              paramLabel = "USER",
              description = "The user the client has logged in as.")
          @Nullable String login,
      @Parameters(paramLabel = "ADDRESS", arity = "1..*") List<String> addresses)
      throws Exception {
    var visit =
        new Visit(
            Objects.requireNonNullElse(client, Visit.FROM_HERE.address()),
            Objects.requireNonNullElse(helo, Visit.FROM_HERE.helo()),
            Optional.ofNullable(login),
            Stream.of(client, helo, sender, login).anyMatch(Objects::nonNull));
    Settings read = settings.read();
    return say(
        new DryRun(Objects.requireNonNullElse(sender, "<>"), addresses, visit, blocked(read))
            .addresses(read, routes.directory()));
  }

  /// As the server on the data directory has them; where none runs, nobody is blocked.
  private static List<BlockedSender> blocked(Settings settings) {
    var all = new ArrayList<BlockedSender>();
    try {
      new ControlClient(settings.data().directory())
          .ask(
              VerbName.QUARANTINE_BLOCKED,
              List.of(),
              row -> all.add(BlockRow.of(row).blocked()),
              _ -> {});
    } catch (ControlProblem e) {
      all.clear();
    }
    return all;
  }

  @Command(
      description = "What rewriting and checks make of a message, and where it goes.",
      mixinStandardHelpOptions = true)
  int message(
      @Mixin SettingsOptions settings,
      @Mixin RoutesOption routes,
      @Option(names = "--client", defaultValue = "127.0.0.1", description = CLIENT) String client,
      @Option(
              names = "--from",
              defaultValue = "<>",
              paramLabel = "ADDRESS",
              description = "Its reverse path; by default none.")
          String from,
      @Option(
              names = "--to",
              paramLabel = "ADDRESS",
              description =
                  "A recipient; may be repeated. Without one, only its text is looked at.")
          @Nullable List<String> to,
      @Parameters(paramLabel = "FILE", description = "Header section and body, as in an .eml.")
          Path file)
      throws Exception {
    List<String> recipients = to == null ? new ArrayList<>() : to;
    return say(
        new DryRun(
                from,
                recipients,
                new Visit(client, Visit.FROM_HERE.helo(), Optional.empty(), false),
                List.of())
            .message(settings.read(), routes.directory(), Files.readAllBytes(file)));
  }

  private int say(List<String> lines) {
    lines.forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
