package org.caravanmta.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.queue.selector.TextField;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command `caravan queue`: lists the queues of a running server and moves their messages
/// (postfix `postqueue(1)`, `postsuper(1)`).
@Command(
    name = "queue",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DestinationsCommand.class,
      SuspendCommand.class,
      ResumeCommand.class,
      SuspensionsCommand.class
    },
    description =
        "Lists the queues of a running server, and holds, releases, deletes, returns or redirects"
            + " their messages.",
    footer = {
      "",
      "Queues: routing, delivery.smtp, delivery.local, …, report,",
      "  waiting.smtp.1, … (a burst for one destination, until its turn),",
      "  deferred.1m, deferred.5m, … (tried again when due), hold (set aside by a",
      "  rule or by you), quarantined (set aside by a content filter, see caravan quarantine),",
      "  dead (a stage broke on it).",
      "Marks after an id: * taken by a stage right now, ! on hold, # dead.",
      "Patterns: * is any characters, ? is one, \\ takes their meaning away. A message of several",
      "  recipients lies in parts, one for each transport and next hop: a part is selected when"
          + " one",
      "  of its recipients is, and as a whole."
    })
final class QueueCommand {
  @Spec private CommandSpec spec;

  /// Read by {@link ServerQuestion}.
  @Option(
      names = ServerQuestion.HERE,
      scope = ScopeType.INHERIT,
      description = ServerQuestion.ABOUT_HERE)
  @SuppressWarnings("UnusedVariable")
  private boolean here;

  QueueCommand() {}

  @Command(
      description =
          "Lists the messages on all queues, on one, or those that are selected, as postqueue -p"
              + " does.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin SettingsOptions settings,
      @Mixin SelectorOptions selected,
      @Option(names = "--json", description = "One JSON object per line, as postqueue -j.")
          boolean json,
      @Parameters(
              arity = "0..1",
              paramLabel = "QUEUE",
              description = "One queue, or a family: deferred.*")
          @Nullable String queue)
      throws Exception {
    Optional<Selector> selector = selector(selected);
    if (selector.isEmpty()) {
      return server(settings).list(json, queue == null ? "" : queue);
    }
    return server(settings)
        .find(
            json,
            queue == null
                ? selector.get()
                : Selector.Text.of(TextField.QUEUE, queue).and(selector.get()));
  }

  @Command(
      description = "Counts messages, recipients and bytes on each queue.",
      mixinStandardHelpOptions = true)
  int count(
      @Mixin SettingsOptions settings,
      @Mixin SelectorOptions selected,
      @Option(names = "--json", description = "One JSON object per line for each queue.")
          boolean json)
      throws Exception {
    return server(settings).count(json, selector(selected).orElse(Selector.all()));
  }

  @Command(
      description =
          "Counts recipients, or messages by sender, by domain and age in minutes, as qshape does.",
      mixinStandardHelpOptions = true)
  int shape(@Mixin SettingsOptions settings, @Mixin ShapeOptions options) throws Exception {
    right(options::question);
    return server(settings).shape(options);
  }

  @Command(
      description = "Shows messages' envelopes and header sections, and where they are.",
      mixinStandardHelpOptions = true)
  int show(@Mixin SettingsOptions settings, @Mixin ShowOptions options) throws Exception {
    right(options::selector);
    return server(settings).show(options);
  }

  @Command(
      description = {
        "Prints a message byte for byte, after the envelopes of its parts, as postcat -q does.",
        "What several parts have in common is printed once. With an option: only what it names."
      },
      mixinStandardHelpOptions = true)
  int cat(@Mixin SettingsOptions settings, @Mixin CatOptions options) throws Exception {
    return server(settings).cat(options, ((ByteOutput) spec.root().userObject()).bytes());
  }

  @Command(
      description = "Tries deferred messages now: all, or those named.",
      mixinStandardHelpOptions = true)
  int flush(@Mixin SettingsOptions settings, @Mixin DeedOptions which) throws Exception {
    QueueQuestion server = server(settings);
    boolean all = isNothing(which) && !which.dry() && !which.json();
    return all || isPlain(which) && which.queue().isEmpty()
        ? server.flush(all ? QueueQuestion.ALL : which.ids())
        : change(server, Deed.FLUSH, "", which);
  }

  @Command(
      description = "Deletes messages for good; nobody is told.",
      mixinStandardHelpOptions = true)
  int delete(@Mixin SettingsOptions settings, @Mixin DeedOptions which) throws Exception {
    QueueQuestion server = server(settings);
    return isPlain(which)
        ? server.delete(which.queue(), which.ids())
        : change(server, Deed.DELETE, "", which);
  }

  @Command(
      description = "Sets messages aside until they are released.",
      mixinStandardHelpOptions = true)
  int hold(@Mixin SettingsOptions settings, @Mixin DeedOptions which) throws Exception {
    QueueQuestion server = server(settings);
    return isPlain(which)
        ? server.hold(which.queue(), which.ids())
        : change(server, Deed.HOLD, "", which);
  }

  @Command(
      description = "Gives messages on hold, or dead, back to routing.",
      mixinStandardHelpOptions = true)
  int release(@Mixin SettingsOptions settings, @Mixin DeedOptions which) throws Exception {
    QueueQuestion server = server(settings);
    return isPlain(which)
        ? server.release(which.queue(), which.ids())
        : change(server, Deed.RELEASE, "", which);
  }

  @Command(
      description = {
        "Returns messages to their senders now, as if their lifetime had ended; also from hold.",
        "No report is ever sent about a message with the null sender."
      },
      mixinStandardHelpOptions = true)
  int bounce(@Mixin SettingsOptions settings, @Mixin DeedOptions which) throws Exception {
    return change(server(settings), Deed.BOUNCE, "", which);
  }

  @Command(
      description = {
        "Has messages rewritten and checked once more, each as a new message with a new id, whose"
            + " lifetime begins now."
      },
      mixinStandardHelpOptions = true)
  int requeue(@Mixin SettingsOptions settings, @Mixin DeedOptions which) throws Exception {
    return change(server(settings), Deed.REQUEUE, "", which);
  }

  @Command(
      description = {
        "Sends messages by another transport or to another next hop, now and in later attempts.",
        "Those on hold stay there until they are released."
      },
      mixinStandardHelpOptions = true)
  int reroute(
      @Mixin SettingsOptions settings,
      @Option(
              names = "--to",
              required = true,
              paramLabel = "TRANSPORT:NEXTHOP",
              description = "As in a transport table: smtp:[192.0.2.1]:25, lmtp:unix:/path")
          String to,
      @Mixin DeedOptions which)
      throws Exception {
    return change(server(settings), Deed.REROUTE, to, which);
  }

  @Command(
      description = {
        "Lists the attempts at delivery that are being made now, those first that have made no"
            + " progress for the longest time.",
        "The number of an attempt is counted since the server started; cut takes it."
      },
      mixinStandardHelpOptions = true)
  int connections(
      @Mixin SettingsOptions settings,
      @Option(names = "--json", description = "One JSON object per line for each attempt.")
          boolean json)
      throws Exception {
    return server(settings).connections(json);
  }

  @Command(
      description = {
        "Ends attempts at delivery: the connection is closed, or the program killed, and recipients"
            + " without a result are deferred.",
        "An attempt that is cut while it waits for the reply to the end of data may have delivered"
            + " the message, which is tried again all the same."
      },
      mixinStandardHelpOptions = true)
  int cut(
      @Mixin SettingsOptions settings,
      @Parameters(
              arity = "1..*",
              paramLabel = "NUMBER",
              description = "The number of an attempt, as connections shows it")
          List<String> numbers)
      throws Exception {
    return server(settings).cut(CommandUser.user(), numbers);
  }

  private QueueQuestion server(SettingsOptions settings) throws SettingsProblem {
    return new QueueQuestion(ServerQuestion.to(settings, spec));
  }

  /// What the options come to.
  ///
  /// @throws ParameterException if one is wrong
  private <T> T right(Supplier<T> options) {
    try {
      return options.get();
    } catch (IllegalArgumentException | ArithmeticException e) {
      // the help that says more is that of the verb
      throw new ParameterException(
          spec.commandLine().getParseResult().subcommand().commandSpec().commandLine(),
          String.valueOf(e.getMessage()),
          e);
    }
  }

  private Optional<Selector> selector(SelectorOptions options) {
    return right(options::selector);
  }

  private boolean isPlain(DeedOptions which) {
    return right(which::isPlain);
  }

  private boolean isNothing(DeedOptions which) {
    return right(which::isNothing);
  }

  private int change(QueueQuestion server, Deed deed, String argument, DeedOptions which)
      throws ControlProblem {
    right(which::selectors);
    return server.change(deed, argument, which);
  }
}
