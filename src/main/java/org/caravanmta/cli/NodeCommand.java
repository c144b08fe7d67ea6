package org.caravanmta.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.caravanmta.cluster.node.NodeRow;
import org.caravanmta.control.ControlProblem;
import org.caravanmta.control.VerbName;
import org.caravanmta.message.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `caravan node`: shows the nodes of a cluster, and takes one out and in.
@Command(
    name = "node",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Lists the nodes of a cluster, and takes one out of it and in again.",
    footer = {
      "",
      "A node that is drained takes no more mail, lets its sessions finish theirs, and leaves what",
      "is on its queues to the node that has the copies. It stays drained, also when it is started",
      "again, until it is resumed; from any node.",
      "",
      "A node is waited for that has taken over mail and may have delivered some of it. Forget it"
          + " if",
      "its disk is lost: then nobody waits, and that mail may be delivered again."
    })
final class NodeCommand {
  private static final String PART = "%-36s %s%n";
  private static final String FORM = "%-12s %-9s %-24s %-16s %-24s %-9s %s%n";

  @Spec private CommandSpec spec;

  NodeCommand() {}

  @Command(
      description = "Lists the nodes, and which of them has the copies of whose mail.",
      mixinStandardHelpOptions = true)
  int list(@Mixin SettingsOptions settings) throws Exception {
    var server = ServerQuestion.to(settings, spec);
    var settingsOf = new HashSet<String>();
    server
        .out()
        .printf(FORM, "NODE", "STATE", "ADDRESS", "COPIES AT", "SINCE", "SETTINGS", "VERSION");
    int status =
        server.ask(
            VerbName.NODE_LIST,
            List.of(),
            row -> {
              NodeRow node = NodeRow.of(row);
              server.out().print(text(node));
              if (!node.settings().isEmpty()) {
                settingsOf.add(node.settings());
              }
            });
    return settingsOf.size() < 2 ? status : Math.max(status, differences(server));
  }

  /// Says in which settings, routes and tables the nodes differ, and which of them have the same.
  private static int differences(ServerQuestion server) throws ControlProblem {
    server.out().printf("%n" + PART, "NOT THE SAME", "NODES THAT HAVE THE SAME");
    return server.ask(
        VerbName.NODE_SETTINGS,
        List.of(),
        row -> server.out().printf(PART, Printable.text(row.getFirst()), row.getLast()));
  }

  @Command(
      description = "Has a node take no more mail and leave what it has to the others.",
      mixinStandardHelpOptions = true)
  int drain(
      @Mixin SettingsOptions settings,
      @Parameters(
              paramLabel = "NODE",
              arity = "0..1",
              description = "Its name; by default this one.")
          Optional<String> node)
      throws Exception {
    return want(
        settings,
        VerbName.NODE_DRAIN,
        List.of(node.orElse(""), CommandUser.user()),
        "%s is being drained; `caravan node list` says when it is done%n");
  }

  @Command(description = "Has a node take part again.", mixinStandardHelpOptions = true)
  int resume(
      @Mixin SettingsOptions settings,
      @Parameters(
              paramLabel = "NODE",
              arity = "0..1",
              description = "Its name; by default this one.")
          Optional<String> node)
      throws Exception {
    return want(settings, VerbName.NODE_RESUME, List.of(node.orElse("")), "%s takes part again%n");
  }

  @Command(
      description = "Counts no more on a node that is away and will not come back with its disk.",
      mixinStandardHelpOptions = true)
  int forget(
      @Mixin SettingsOptions settings,
      @Parameters(paramLabel = "NODE", description = "Its name.") String node)
      throws Exception {
    return want(settings, VerbName.NODE_FORGET, List.of(node), "%s is forgotten%n");
  }

  /// @param done what is printed, with the name of the node
  private int want(SettingsOptions settings, String verb, List<String> args, String done)
      throws Exception {
    var server = ServerQuestion.to(settings, spec);
    return server.ask(verb, args, row -> server.out().print(done.formatted(row.getFirst())));
  }

  private static String text(NodeRow node) {
    String copies =
        node.keeper().map(keeper -> keeper + (node.complete() ? "" : " (not all yet)")).orElse("-");
    String taken = node.takenBy().map(by -> "taken over by " + by).orElse(copies);
    return String.format(
        FORM,
        node.name(),
        node.state(),
        node.address().orElse("-"),
        taken,
        node.started().map(Object::toString).orElse("-"),
        node.settings().isEmpty() ? "-" : node.settings(),
        node.version().isEmpty() ? "-" : node.version());
  }
}
