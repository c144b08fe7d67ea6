package org.caravanmta.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.caravanmta.plugin.Components;
import org.caravanmta.plugin.MavenFetch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The command `caravan component`: adds components of Camel to an installation, without building
/// anything.
@Command(
    name = "component",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Adds components of Camel to this installation, lists and removes them.",
    footer = {
      "",
      "  caravan component add kafka",
      "",
      "They are put into the directory plugins beside lib, or into the one that CARAVAN_PLUGINS",
      "names, where jars of your own may be too. A running server finds them when it is restarted."
    })
final class ComponentCommand {
  static final String PLUGINS = "caravan.plugins";

  @Spec private CommandSpec spec;

  ComponentCommand() {}

  @Command(
      description =
          "Fetches a component, of the version of Camel that is here, with what it needs.",
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "NAME", description = "Of the artifact camel-NAME: kafka, ftp, mail")
          String name,
      @Option(
              names = "--from",
              paramLabel = "DIR",
              description = "Takes the jars from a directory in place of fetching them.")
          @Nullable Path from,
      @Option(
              names = "--maven",
              paramLabel = "PROGRAM",
              defaultValue = "mvn",
              description = "The command of Maven; its settings say where from.")
          String maven)
      throws Exception {
    Components components = components();
    Components.Result result =
        from == null ? components.add(name, new MavenFetch(maven)) : components.add(name, from);
    PrintWriter out = out();
    result.remarks().forEach(remark -> out.println("note: " + remark));
    Components.Added added = result.added();
    out.println(
        "added %s %s: %s; %d jars in %s; restart the server"
            .formatted(
                added.name(),
                added.camel(),
                schemes(added.schemes()),
                added.jars().size(),
                components.plugins()));
    out.flush();
    return 0;
  }

  @Command(
      description = "Lists the components that were added, and the jars of your own.",
      mixinStandardHelpOptions = true)
  int list() throws Exception {
    Components components = components();
    PrintWriter out = out();
    String camel = components.camel();
    for (Components.Added each : components.list()) {
      out.println(
          "%-20s %-10s %s%s"
              .formatted(
                  each.name(),
                  each.camel(),
                  schemes(each.schemes()),
                  each.camel().equals(camel)
                      ? ""
                      : "  (does not fit Camel " + camel + ": remove it and add it again)"));
    }
    components.own().forEach(jar -> out.println("%-20s %-10s %s".formatted("-", "-", jar)));
    out.flush();
    return 0;
  }

  @Command(
      description = "Removes a component, with those of its jars that no other needs.",
      mixinStandardHelpOptions = true)
  int remove(@Parameters(paramLabel = "NAME") String name) throws Exception {
    List<String> gone = components().remove(name);
    out().println("removed %s: %d jars; restart the server".formatted(name, gone.size()));
    out().flush();
    return 0;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private static String schemes(List<String> schemes) {
    return schemes.isEmpty() ? "no component" : String.join(": ", schemes) + ":";
  }

  private static Components components() throws IOException {
    String home = System.getProperty(RoutesOption.HOME);
    if (home == null) {
      throw new IOException(
          "components are added to an installation, by its bin/caravan; this was not started by"
              + " one");
    }
    String plugins = System.getProperty(PLUGINS);
    return new Components(
        Path.of(home, "lib"), plugins == null ? Path.of(home, "plugins") : Path.of(plugins));
  }
}
