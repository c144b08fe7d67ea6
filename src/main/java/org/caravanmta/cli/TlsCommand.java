package org.caravanmta.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import org.caravanmta.tls.server.SelfSigned;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command `caravan tls`: makes a key and a certificate for trying out TLS (postfix
/// `postfix-tls(1)`).
@Command(
    name = "tls",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Makes a key and a certificate for trying out TLS.")
final class TlsCommand {
  @Spec private CommandSpec spec;

  TlsCommand() {}

  @Command(
      name = "self-signed",
      description = "Makes a key and a self-signed certificate.",
      mixinStandardHelpOptions = true)
  int selfSigned(
      @Option(
              names = "--hostname",
              paramLabel = "NAME",
              required = true,
              description = "The name that the certificate is for.")
          String hostname,
      @Option(
              names = "--out",
              paramLabel = "DIR",
              required = true,
              description = "Where cert.pem and key.pem are written.")
          Path directory)
      throws IOException {
    SelfSigned made = SelfSigned.make(hostname, directory, Instant.now());
    PrintWriter out = spec.commandLine().getOut();
    out.println("tls:");
    out.println("  certificates: [" + made.certificate() + "]");
    out.println("  keys: [" + made.key() + "]");
    out.flush();
    return 0;
  }
}
