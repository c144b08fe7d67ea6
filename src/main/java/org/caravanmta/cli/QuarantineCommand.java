package org.caravanmta.cli;

import java.util.function.Supplier;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.selector.Selector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The command `caravan quarantine`: lists what content filters have set aside, and releases or
/// deletes it.
@Command(
    name = "quarantine",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Lists what content filters have set aside, and releases it, deletes it, or has its filter"
            + " asked again.",
    footer = {
      "",
      "What is released is delivered: no restriction, no check and not the filter that has set it",
      "  aside sees it again. A message of several recipients may lie there in parts with one id;",
      "  every part is meant."
    })
final class QuarantineCommand {
  @Spec private CommandSpec spec;

  QuarantineCommand() {}

  @Command(
      description = "Lists the messages, or those that are selected, the oldest first.",
      mixinStandardHelpOptions = true)
  int list(
      @Mixin SettingsOptions settings,
      @Mixin SelectorOptions selected,
      @Option(names = "--json", description = "One JSON object per line.") boolean json)
      throws Exception {
    return server(settings).list(json, right(selected::selector).orElse(Selector.all()));
  }

  @Command(
      description = "Shows why messages were set aside, and their header sections.",
      mixinStandardHelpOptions = true)
  int show(@Mixin SettingsOptions settings, @Mixin ShowOptions options) throws Exception {
    right(options::selector);
    return server(settings).show(options);
  }

  @Command(
      description = "Gives messages back to routing, as they are after all edits of filters.",
      mixinStandardHelpOptions = true)
  int release(@Mixin SettingsOptions settings, @Mixin DeedOptions which) throws Exception {
    right(which::selectors);
    return server(settings).change(CommandUser.user(), Deed.RELEASE, which);
  }

  @Command(
      description = "Deletes messages for good; nobody is told.",
      mixinStandardHelpOptions = true)
  int delete(@Mixin SettingsOptions settings, @Mixin DeedOptions which) throws Exception {
    right(which::selectors);
    return server(settings).change(CommandUser.user(), Deed.DELETE, which);
  }

  @Command(
      description = {
        "Has the filter that has set a message aside asked about it once more: it is released if"
            + " the filter passes it now.",
        "It stays if the filter sets it aside again, gives no answer, or is in no route any more."
      },
      mixinStandardHelpOptions = true)
  int rescan(@Mixin SettingsOptions settings, @Mixin DeedOptions which) throws Exception {
    right(which::selectors);
    right(
        () -> {
          if (which.dry()) {
            throw new IllegalArgumentException(
                "nobody knows what a filter would say: caravan quarantine list shows what is"
                    + " selected");
          }
          return which;
        });
    return server(settings).rescan(CommandUser.user(), which);
  }

  private QuarantineQuestion server(SettingsOptions settings) throws SettingsProblem {
    return new QuarantineQuestion(ServerQuestion.to(settings, spec));
  }

  /// What the options come to.
  ///
  /// @throws ParameterException if one is wrong
  private <T> T right(Supplier<T> options) {
    try {
      return options.get();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new ParameterException(
          spec.commandLine().getParseResult().subcommand().commandSpec().commandLine(),
          String.valueOf(e.getMessage()),
          e);
    }
  }
}
