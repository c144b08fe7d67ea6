package org.caravanmta.cli;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.caravanmta.control.VerbName;
import org.caravanmta.dns.Resolver;
import org.caravanmta.dns.Validation.State;
import org.caravanmta.settings.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The command `caravan dns`: whether the name servers are good enough for DANE (RFC 7672 §2.1).
@Command(
    name = "dns",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Says whether DNSSEC works, which DANE needs.")
final class DnsCommand {
  @Spec private CommandSpec spec;

  DnsCommand() {}

  @Command(
      description = "Has the running server test its name servers now.",
      mixinStandardHelpOptions = true)
  int test(@Mixin SettingsOptions settings) throws Exception {
    var server = ServerQuestion.to(settings, spec);
    var words = new ArrayList<String>();
    int status =
        server.ask(
            VerbName.DNS_TEST,
            List.of(),
            row -> {
              words.add(row.getFirst());
              server.out().println(row.getLast());
            });
    return status == 0 && !works(words.getFirst()) ? 1 : status;
  }

  /// Tests the name servers of the settings, without a server.
  ///
  /// @return the exit status
  static int tested(Settings settings, CommandLine command) {
    var resolver =
        new Resolver(settings.dns(), settings.data().directory(), InstantSource.system());
    State state = resolver.validation().check();
    command.getOut().println(state);
    command.getOut().flush();
    return works(state.word()) ? 0 : 1;
  }

  private static boolean works(String word) {
    return word.equals("works");
  }
}
