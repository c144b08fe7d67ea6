package org.caravanmta.cli;

import java.util.List;
import java.util.function.Supplier;
import org.caravanmta.config.SettingsProblem;
import org.caravanmta.control.VerbName;
import org.caravanmta.queue.admin.Deed;
import org.caravanmta.queue.selector.Selector;
import org.caravanmta.restriction.blocked.BlockRow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `caravan quarantine`: lists what content filters have set aside, and releases or
/// deletes it; and blocks senders.
@Command(
    name = "quarantine",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Lists what content filters have set aside, and releases it, deletes it, or has its filter"
            + " asked again; blocks senders.",
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

  @Command(
      description = {
        "Refuses mail of a sender at RCPT, also after a restart: of an address, or of a domain and"
            + " those below it.",
        "Clients in our own networks and users who have logged in are not asked."
      },
      mixinStandardHelpOptions = true)
  int block(
      @Mixin SettingsOptions settings,
      @Option(
              names = "--for",
              paramLabel = "RECIPIENT|DOMAIN",
              defaultValue = "",
              description = "For whom; by default for everybody.")
          String recipient,
      @Parameters(paramLabel = "ADDRESS|DOMAIN", description = "The sender.") String sender)
      throws Exception {
    ServerQuestion server = ServerQuestion.to(settings, spec);
    var text = new BlockText(false, server.out());
    return server.ask(
        VerbName.QUARANTINE_BLOCK,
        List.of(CommandUser.user(), sender, recipient),
        row -> text.blocked(BlockRow.of(row)));
  }

  @Command(description = "Blocks a sender no more.", mixinStandardHelpOptions = true)
  int unblock(
      @Mixin SettingsOptions settings,
      @Option(
              names = "--for",
              paramLabel = "RECIPIENT|DOMAIN",
              defaultValue = "",
              description = "For whom, as it was blocked.")
          String recipient,
      @Parameters(paramLabel = "ADDRESS|DOMAIN", description = "The sender.") String sender)
      throws Exception {
    ServerQuestion server = ServerQuestion.to(settings, spec);
    var text = new BlockText(false, server.out());
    return server.ask(
        VerbName.QUARANTINE_UNBLOCK,
        List.of(CommandUser.user(), sender, recipient),
        row -> text.unblocked(BlockRow.of(row)));
  }

  @Command(
      description = "Lists the senders that are blocked, for whom, since when and by whom.",
      mixinStandardHelpOptions = true)
  int blocked(
      @Mixin SettingsOptions settings,
      @Option(names = "--json", description = "One JSON object per line.") boolean json)
      throws Exception {
    ServerQuestion server = ServerQuestion.to(settings, spec);
    var text = new BlockText(json, server.out());
    int status =
        server.ask(VerbName.QUARANTINE_BLOCKED, List.of(), row -> text.listed(BlockRow.of(row)));
    if (status == 0) {
      text.end();
    }
    return status;
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
