package org.caravanmta.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import org.caravanmta.config.SettingsProblem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `caravan queue`: lists the queues of a running server and moves their messages
/// (postfix `postqueue(1)`, `postsuper(1)`).
@Command(
    name = "queue",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Lists the queues of a running server, and holds, releases or deletes their messages.",
    footer = {
      "",
      "Queues: routing, delivery.smtp, delivery.local, …, report,",
      "  deferred.1m, deferred.5m, … (tried again when due), hold (set aside by a",
      "  rule or by you), dead (a stage broke on it).",
      "Marks after an id: * taken by a stage right now, ! on hold, # dead."
    })
final class QueueCommand {
  private static final String MESSAGES =
      "Ids as `caravan queue list` shows them, - for ids on standard input, or ALL.";

  @Spec private CommandSpec spec;

  QueueCommand() {}

  @Command(
      description = "Lists the messages on all queues, or on one, as postqueue -p does.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin SettingsOptions settings,
      @Option(names = "--json", description = "One JSON object per line, as postqueue -j.")
          boolean json,
      @Parameters(
              arity = "0..1",
              paramLabel = "QUEUE",
              description = "One queue, or a family: deferred.*")
          @Nullable String queue)
      throws Exception {
    return server(settings).list(json, named(queue));
  }

  @Command(
      description = "Shows a message's envelope and header section, and where it is.",
      mixinStandardHelpOptions = true)
  int show(@Mixin SettingsOptions settings, @Parameters(paramLabel = "ID") String id)
      throws Exception {
    return server(settings).show(id);
  }

  @Command(
      description = "Tries deferred messages now: all, or those named.",
      mixinStandardHelpOptions = true)
  int flush(
      @Mixin SettingsOptions settings,
      @Parameters(arity = "0..*", paramLabel = "ID", description = MESSAGES)
          @Nullable List<String> ids)
      throws Exception {
    return server(settings).flush(ids == null || ids.isEmpty() ? QueueQuestion.ALL : given(ids));
  }

  @Command(
      description = "Deletes messages for good; nobody is told.",
      mixinStandardHelpOptions = true)
  int delete(
      @Mixin SettingsOptions settings,
      @Option(
              names = "--queue",
              paramLabel = "QUEUE",
              description = "Only those on this queue, or family: deferred.*")
          @Nullable String queue,
      @Parameters(arity = "1..*", paramLabel = "ID", description = MESSAGES) List<String> ids)
      throws Exception {
    return server(settings).delete(named(queue), given(ids));
  }

  @Command(
      description = "Sets messages aside until they are released.",
      mixinStandardHelpOptions = true)
  int hold(
      @Mixin SettingsOptions settings,
      @Option(
              names = "--queue",
              paramLabel = "QUEUE",
              description = "Only those on this queue, or family: deferred.*")
          @Nullable String queue,
      @Parameters(arity = "1..*", paramLabel = "ID", description = MESSAGES) List<String> ids)
      throws Exception {
    return server(settings).hold(named(queue), given(ids));
  }

  @Command(
      description = "Gives messages on hold, or dead, back to routing.",
      mixinStandardHelpOptions = true)
  int release(
      @Mixin SettingsOptions settings,
      @Option(
              names = "--queue",
              paramLabel = "QUEUE",
              description = "Only those on this queue: hold or dead")
          @Nullable String queue,
      @Parameters(arity = "1..*", paramLabel = "ID", description = MESSAGES) List<String> ids)
      throws Exception {
    return server(settings).release(named(queue), given(ids));
  }

  private QueueQuestion server(SettingsOptions settings) throws SettingsProblem {
    return new QueueQuestion(ServerQuestion.to(settings, spec));
  }

  private static String named(@Nullable String queue) {
    return queue == null ? "" : queue;
  }

  /// The ids, where `-` is replaced by those on standard input.
  private static List<String> given(List<String> ids) {
    var all = new ArrayList<String>();
    for (String id : ids) {
      if (id.equals("-")) {
        new Scanner(System.in, StandardCharsets.UTF_8).forEachRemaining(all::add);
      } else {
        all.add(id);
      }
    }
    return all;
  }
}
